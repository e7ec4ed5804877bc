"""Everything that the papers of one meeting are written from, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.dateformat import format as day_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matching.documents.paper import chinese_day, plain
from matching.meetings.models import SigningMeeting
from matching.meetings.queries import slot_range
from matching.papers.models import PaperPack
from matching.papers.queries.seats import Party, Seat, places, seats, standing


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the papers, under which number, to whom, and when."""

    issuer: str
    number: str
    addressee: str
    dated: date


@dataclass(frozen=True, slots=True)
class Facts:
    """A meeting, its appointments in the order of the day, names of regions by code."""

    meeting: SigningMeeting
    seats: list[Seat]
    places: Mapping[str, str]
    head: Letterhead

    @property
    def title(self) -> str:
        """The meeting's title; in Chinese papers its brackets are as wide as its signs."""
        told = plain(self.meeting.title)
        return told.replace("(", "（").replace(")", "）") if language() == "zh" else told

    @property
    def buyers(self) -> list[Party]:
        """One line of each leader firm, by name."""
        return _firms(seat.buyer for seat in self.seats)

    @property
    def sellers(self) -> list[Party]:
        """One line of each member firm, by name."""
        return _firms(seat.seller for seat in self.seats)

    def of_firm(self, party: Party) -> list[Seat]:
        """A firm's own appointments by time."""
        return [seat for seat in self.seats if party.firm in (seat.buyer.firm, seat.seller.firm)]


def facts_of(pack: PaperPack) -> Facts:
    """What a pack is made from; three queries and one more for each 500 appointments."""
    told = seats(standing(pack.meeting))
    head = Letterhead(pack.issuer, pack.number, pack.addressee, pack.dated)
    return Facts(meeting=pack.meeting, seats=told, places=places(told), head=head)


def language() -> str:
    """The language that papers are written in just now, as they name it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def day(when: date) -> str:
    """As official papers write days."""
    return chinese_day(when) if language() == "zh" else day_format(when, "j F Y")


def hours(meeting: SigningMeeting) -> str:
    """From the first slot to the end of the last."""
    first, last = slot_range(meeting, 0), slot_range(meeting, max(meeting.slots, 1) - 1)
    return between(first.lower, last.upper)


def between(begins: object, ends: object) -> str:
    """9:00—9:30."""
    local = [timezone.localtime(each) for each in (begins, ends)]  # type: ignore[arg-type]
    return "—".join(f"{each.hour}:{each:%M}" for each in local)


def weekday(when: date) -> str:
    """星期二."""
    return str(
        (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))[
            when.weekday()
        ]
    )


def _firms(parties: Iterable[Party]) -> list[Party]:
    found = {party.firm: party for party in parties}
    return sorted(found.values(), key=lambda party: (party.name, party.firm))
