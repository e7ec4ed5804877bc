"""Tables of a meeting: who comes, who sits where, who signs, and each firm's own day."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _

from matching.documents.paper import Block, Break, Paper, Table, Title, columns, plain, row
from matching.papers.queries.facts import Facts, language
from matching.papers.queries.notice import annex, of_which
from matching.papers.queries.seats import Party, Seat


def participants(facts: Facts, *, contacts: bool) -> Paper:
    """参会名单: firms by name; persons and telephones only in the office's own copy."""
    sides = [(_("Leader firm"), facts.buyers), (_("Member firm"), facts.sellers)]
    numbered = enumerate(((side, party) for side, parties in sides for party in parties), start=1)
    rows = []
    for number, (side, party) in numbered:
        known = (party.contact, party.phone) if contacts else ()
        rows.append(row(number, party.name, side, facts.places.get(party.region, ""), *known))
    head = columns((_("No."), 1.2, "center"), (_("Firm"), 5), (_("Side"), 2, "center"), (_("Place"), 4))
    more = columns((_("Contact"), 2), (_("Telephone"), 3)) if contacts else ()
    return _annex(facts, 2, _("List of participants"), Table((*head, *more), tuple(rows)))


def table_plan(facts: Facts) -> Paper:
    """桌次表 of the office: every appointment by table and time."""
    head = columns(
        *((_("Table"), 1.2, "center"), (_("Time"), 2.2, "center"), (_("Demand side"), 4)),
        *((_("Supply side"), 4), (_("What is discussed"), 4)),
    )
    ordered = sorted(facts.seats, key=lambda seat: (seat.table, seat.slot))
    rows = [
        row(seat.table, _span(seat), seat.buyer.name, seat.seller.name, seat.buyer.product)
        for seat in ordered
    ]
    return _annex(facts, 3, _("Table plan"), Table(head, tuple(rows)))


def seating(facts: Facts) -> Paper:
    """桌次表 for the wall: which leader firm sits at which table; whom it meets is not told."""
    spans: dict[tuple[int, str], list[Seat]] = defaultdict(list)
    for seat in facts.seats:
        spans[seat.table, seat.buyer.name].append(seat)
    rows = [
        row(table, name, f"{min(seat.begins for seat in told)}—{max(seat.ends for seat in told)}")
        for (table, name), told in sorted(spans.items())
    ]
    head = columns((_("Table"), 1.2, "center"), (_("Leader firm"), 6), (_("Time"), 3, "center"))
    return _annex(facts, 3, _("Table plan"), Table(head, tuple(rows)))


def signing_table(facts: Facts) -> Paper:
    """签约一览表: a row a pair, with room to write and to sign."""
    head = columns(
        *(
            (_("No."), 1, "center"),
            (_("Demand side"), 3.4),
            (_("Supply side"), 3.4),
            (_("What is discussed"), 3),
        ),
        *((_("Kind (intent or contract)"), 2), (_("Amount (CNY 10,000)"), 2), (_("Signatures"), 2.6)),
    )
    rows = [
        row(number, seat.buyer.name, seat.seller.name, seat.buyer.product, None, None, None)
        for number, seat in enumerate(facts.seats, start=1)
    ]
    return _annex(facts, 4, _("Signings"), Table(head, tuple(rows), tall=True))


def own_days(facts: Facts, firms: list[Party]) -> Paper:
    """The agendas of several firms, each on pages of its own."""
    blocks: list[Block] = []
    for party in firms:
        blocks += [Title(plain(_("Agenda of %(firm)s") % {"firm": party.name})), *of_which(facts)]
        blocks += [_own_day(party, facts.of_firm(party)), Break()]
    return Paper(title="", blocks=tuple(blocks[:-1]), language=language())


def _own_day(party: Party, told: list[Seat]) -> Table:
    head = columns(
        *(
            (_("Time"), 2.2, "center"),
            (_("Table"), 1.2, "center"),
            (_("With"), 4.5),
            (_("What is discussed"), 4.5),
        ),
    )
    rows = []
    for seat in told:
        own, other = (seat.buyer, seat.seller) if seat.buyer.firm == party.firm else (seat.seller, seat.buyer)
        rows.append(row(_span(seat), seat.table, other.name, own.product))
    return Table(head, tuple(rows))


def _annex(facts: Facts, number: int, title: str, table: Table) -> Paper:
    return Paper(
        title=title,
        annex=annex(number),
        blocks=(*of_which(facts), table),
        language=language(),
    )


def _span(seat: Seat) -> str:
    return f"{seat.begins}—{seat.ends}"
