"""Page-shaped reads of packs and of what they are made from."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.permits import Act
from matching.chains.models import Chain
from matching.meetings.models import Appointment, SigningMeeting
from matching.papers.models import LetterTemplate, PaperPack
from matching.papers.permits import LETTER
from matching.papers.queries.facts import Facts, Letterhead, facts_of
from matching.papers.queries.seats import changed, places, seats, stamps, standing
from matching.papers.queries.summary import results_stamp

__all__ = (
    "Facts",
    "Freshness",
    "Letterhead",
    "chains_with_letters",
    "facts_of",
    "freshness",
    "letter_templates",
    "own_facts",
    "packs",
    "shown_pairs",
    "stamp_of",
    "stamps",
)


@dataclass(frozen=True, slots=True)
class Freshness:
    """What has changed since a pack was made; an old pack is still there, and says so."""

    appointments: int = 0
    meeting: bool = False
    letter: bool = False
    results: bool = False

    @property
    def is_old(self) -> bool:
        """Whether making it again would say something else."""
        return bool(self.appointments) or self.meeting or self.letter or self.results


def packs(user: User) -> QuerySet[PaperPack]:
    """Packs that the person may see, with their meetings; without the stamps, which are long."""
    visible = PaperPack.objects.visible_to(user)
    return visible.select_related("meeting__chain", "meeting__venue", "ordered_by").defer("stamps")


def letter_templates(user: User) -> QuerySet[LetterTemplate]:
    """Templates of the chains that the person's office roles see."""
    return LetterTemplate.objects.visible_to(user).select_related("chain", "uploaded_by")


def chains_with_letters(user: User) -> QuerySet[Chain]:
    """Chains whose letters the person sees, with their own templates."""
    seen = LETTER.within(user, Act.VIEW, chain="pk")
    return Chain.objects.filter(seen).select_related("letter_template").order_by("position", "pk")


def freshness(pack: PaperPack) -> Freshness:
    """Compare what a pack was made from with what is now."""
    if not pack.held:
        return Freshness()
    before: dict[str, str] = dict(pack.stamps)
    meeting, letter, results = (before.pop(name, "") for name in ("meeting", "letter", "results"))
    now = stamp_of(pack)
    return Freshness(
        appointments=changed(before, stamps(seats(standing(pack.meeting)))),
        meeting=meeting != now["meeting"],
        letter=letter != now["letter"],
        results=results != now["results"],
    )


def stamp_of(pack: PaperPack) -> dict[str, str]:
    """What the meeting itself, the letter's template and the results are just now."""
    meeting = pack.meeting
    told = (meeting.title, meeting.date, meeting.starts, meeting.slot_minutes, meeting.slots)
    own = LetterTemplate.objects.filter(chain=meeting.chain_id).values_list("sha256", flat=True).first()
    return {
        "meeting": "|".join(map(str, (*told, meeting.venue.name, meeting.venue.address))),
        "letter": own or "",
        "results": results_stamp(meeting),
    }


def shown_pairs(meeting: SigningMeeting, only: Collection[uuid.UUID] | None = None) -> Iterator[Any]:
    """The pairs of lines that papers of a meeting name, or those of these appointments."""
    rows = Appointment.objects.filter(meeting=meeting, is_active=True)
    if only is not None:
        rows = rows.filter(pk__in=only)
    with_lines = rows.select_related("review__demand__organisation", "review__supply__organisation")
    for row in with_lines.order_by("pk").iterator(chunk_size=500):
        yield row.review


def own_facts(user: User, meeting: SigningMeeting, head: Letterhead) -> Facts:
    """A meeting as a firm's own papers tell it: its own appointments and no others."""
    own = Appointment.objects.visible_to(user).filter(
        meeting=meeting, parties__organisation_id__in=[firm.pk for firm in user.firms()]
    )
    told = seats(standing(meeting).filter(pk__in=own.values("pk")))
    return Facts(meeting=meeting, seats=told, places=places(told), head=head)
