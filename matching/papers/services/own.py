"""A firm's own papers of a meeting, made while it waits: its day, and its letters of intent."""

from __future__ import annotations

from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.disclosure.services import saw_pairs
from matching.documents import letters, word
from matching.documents.packing import pack
from matching.documents.paper import Paper
from matching.meetings.models import SigningMeeting
from matching.papers.models import PaperPack
from matching.papers.queries import Facts, Letterhead, own_facts, shown_pairs
from matching.papers.queries.letters import letter_name, template_of, values
from matching.papers.queries.seats import Party
from matching.papers.queries.tables import own_days
from matching.papers.services.contents import file_name, printed_letters
from matching.papers.services.printing import print_out

OWN = ("agenda.docx", "agenda.pdf", "letters.pdf", "letters.zip")
"""What a firm can fetch."""


def own_paper(*, user: User, meeting: SigningMeeting, wanted: str) -> bytes | None:
    """One of ``OWN`` in the language of the reader; None for others, and without an appointment there.

    Side effect: that the other firms' names were seen is noted.
    """
    if wanted not in OWN:
        return None
    issuer = PaperPack.objects.filter(meeting=meeting).values_list("issuer", flat=True).first()
    head = Letterhead(issuer or _("the organiser"), "", "", timezone.localdate())
    facts = own_facts(user, meeting, head)
    if not facts.seats:
        return None
    shown = {seat.appointment for seat in facts.seats}
    saw_pairs(shown_pairs(meeting, only=shown))
    if wanted.startswith("agenda"):
        return _agenda(user, facts, wanted)
    template = template_of(meeting.chain_id)
    if wanted == "letters.pdf":
        return printed_letters(template, [values(facts, seat) for seat in facts.seats])
    out = BytesIO()
    filled = ((file_name("", letter_name(seat), ".docx"), values(facts, seat)) for seat in facts.seats)
    pack(out, ((name, letters.fill(template, told)) for name, told in filled))
    return out.getvalue()


def _agenda(user: User, facts: Facts, wanted: str) -> bytes:
    own = {firm.pk for firm in user.firms()}
    firms: list[Party] = [party for party in (*facts.buyers, *facts.sellers) if party.firm in own]
    paper: Paper = own_days(facts, firms)
    return word.write(paper) if wanted.endswith(".docx") else print_out(paper)
