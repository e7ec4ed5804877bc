"""Notice and agenda of a meeting."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from matching.documents.paper import Block, Headings, Imprint, Paper, Table, Text, columns, plain, row
from matching.meetings.queries import slot_range
from matching.papers.queries.facts import Facts, between, day, hours, language, weekday

MOST_NAMED = 20
"""Leader firms that a notice names; more stand in the list of participants alone."""


def notice(facts: Facts) -> Paper:
    """通知: when, where, who, what to do, with agenda and participants as its annexes."""
    meeting, head = facts.meeting, facts.head
    heading = Headings(language())
    opening = _(
        "To bring demand and supply of the %(chain)s chain together and help leader firms and member firms to"
        " work with each other, “%(title)s” will be held. The particulars are as follows."
    )
    when = _("%(day)s (%(weekday)s), %(hours)s.")
    blocks: tuple[Block, ...] = (
        _text(opening % {"chain": meeting.chain.name, "title": facts.title}),
        heading(_("Time of the meeting")),
        _text(when % {"day": day(meeting.date), "weekday": weekday(meeting.date), "hours": hours(meeting)}),
        heading(_("Place of the meeting")),
        _text(_sentence(f"{meeting.venue.name}{_in_brackets(meeting.venue.address)}")),
        heading(_("Participants")),
        *_participants(facts),
        heading(_("Arrangements")),
        _text(
            _(
                "Firms meet one to one at %(tables)d tables in %(slots)d rounds of %(minutes)d minutes each;"
                " %(pairs)d appointments are arranged. Intents reached are signed on the spot."
            )
            % {
                "tables": len({seat.table for seat in facts.seats}),
                "slots": meeting.slots,
                "minutes": meeting.slot_minutes,
                "pairs": len(facts.seats),
            }
        ),
        heading(_("What is asked")),
        _text(
            _(
                "Each firm sends persons who can decide on the products concerned,"
                " and brings what the talks need."
            )
        ),
        _text(
            _("Whoever can't come tells the organiser in good time, so that the appointment can be given on.")
        ),
    )
    return Paper(
        title=plain(_("Notice of the meeting “%(title)s”") % {"title": facts.title}),
        blocks=blocks,
        issuer=plain(head.issuer),
        number=plain(head.number),
        addressee=plain(head.addressee or _("Leader firms and member firms concerned")),
        annexes=(_("Agenda"), _("List of participants"), _("Table plan")),
        signed=plain(head.issuer),
        dated=day(head.dated),
        imprint=Imprint(plain(head.issuer), _("Printed on %(day)s") % {"day": day(head.dated)}),
        language=language(),
    )


def _participants(facts: Facts) -> list[Text]:
    buyers = facts.buyers
    if len(buyers) <= MOST_NAMED:
        named = ("、" if language() == "zh" else ", ").join(party.name for party in buyers)
        first = _("Leader firms: %(names)s.") % {"names": named}
    else:
        first = _("Leader firms: %(count)d, see the list of participants.") % {"count": len(buyers)}
    second = _("Member firms: %(count)d, see the list of participants.") % {"count": len(facts.sellers)}
    return [_text(first), _text(second)]


def agenda(facts: Facts) -> Paper:
    """议程: what happens when; who meets whom stands in the table plan."""
    meeting = facts.meeting
    booked = Counter(seat.slot for seat in facts.seats)
    rows = [row("", _("Arrival and registration"), meeting.venue.name)]
    for slot in range(meeting.slots):
        if booked[slot]:
            during = slot_range(meeting, slot)
            told = _("Round %(number)d of talks") % {"number": len(rows)}
            tables = _("%(count)d tables") % {"count": booked[slot]}
            rows.append(row(between(during.lower, during.upper), told, tables))
    rows.append(row("", _("Signing of the intents reached"), ""))
    head = columns((_("Time"), 3, "center"), (_("What happens"), 5), (_("Remarks"), 4))
    return Paper(
        title=_("Agenda"),
        annex=annex(1),
        blocks=(*of_which(facts), Table(head, tuple(rows))),
        language=language(),
    )


def of_which(facts: Facts) -> list[Text]:
    """Lines below the title of an annex: which meeting, when and where."""
    meeting = facts.meeting
    told = f"{day(meeting.date)} {hours(meeting)} {meeting.venue.name}"
    return [Text(plain(line), flush=True, align="center") for line in (facts.title, told)]


def annex(number: int) -> str:
    """附件1."""
    return _("Annex %(number)d") % {"number": number}


def _text(words: str) -> Text:
    return Text(plain(words))


def _sentence(words: str) -> str:
    return f"{words.strip()}{'.' if language() == 'en' else '。'}"


def _in_brackets(words: str) -> str:
    if not words:
        return ""
    return f" ({words})" if language() == "en" else f"（{words}）"
