"""The three lists of a chain: workbooks for offices, counts by node for everybody at the meeting."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from django.db.models import Count
from django.utils.translation import gettext as _

from matching import kinds
from matching.chains.models import ChainNode
from matching.documents.paper import Paper, Table, Text, columns, row
from matching.kinds import Label
from matching.lists.access import SECRET_FIELDS
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.queries import with_rows
from matching.lists.queries.sheets import AT_A_TIME, line_values, sheet_columns
from matching.lists.queries.vocabulary import vocabulary
from matching.papers.models import PaperPack
from matching.papers.queries.facts import Facts, day, language
from matching.papers.queries.hiding import few
from matching.runs.models import Match, MatchingList
from matching.runs.queries.sheets import published_rows
from matching.sheets.results import LISTED
from matching.sheets.types import Column, Vocabulary
from matching.sheets.writing import write_rows

MATCHING = Label("供需匹配清单", "Matching list")
Write = Callable[[BinaryIO], object]


def latest_list(facts: Facts) -> MatchingList | None:
    """The chain's last published list of that kind; one query."""
    lists = MatchingList.objects.filter(chain=facts.meeting.chain_id, kind=facts.meeting.kind)
    return lists.order_by("-number").defer("diff").first()


def workbooks(facts: Facts) -> Iterator[tuple[str, Write]]:
    """Names and writers of the lists as offices have them, without anybody's trade secrets."""
    kind = kinds.get(facts.meeting.kind)
    for title, model in ((kind.need, DemandLine), (kind.offer, SupplyLine)):
        yield title.text(language()), _lines(facts, model, title)
    published = latest_list(facts)
    if published is not None:
        yield MATCHING.text(language()), _book(LISTED, published_rows(published), Vocabulary(), MATCHING)


def _lines(facts: Facts, model: Any, title: Label) -> Write:
    lines = _of_chain(facts, model).order_by("organisation_id", "key", "pk")
    shown = [
        column
        for column in sheet_columns(model, facts.meeting.kind, with_firm=True)
        if column.name not in SECRET_FIELDS[model]
    ]
    return _book(tuple(shown), _rows(lines, SECRET_FIELDS[model]), vocabulary(), title)


def _of_chain(facts: Facts, model: Any) -> Any:
    meeting = facts.meeting
    return model.objects.matchable(chain=meeting.chain_id, kind=meeting.kind, on=facts.head.dated)


def _rows(lines: Any, secrets: Any) -> Iterator[dict[str, object]]:
    for line in with_rows(lines).iterator(chunk_size=AT_A_TIME):
        told = {name: value for name, value in line_values(line).items() if name not in secrets}
        yield {
            **told,
            "firm": line.organisation.name,
            "uscc": line.organisation.uscc,
            "state": line.get_state_display(),
            "reason": line.reason,
        }


def _book(shown: tuple[Column, ...], rows: Any, words: Vocabulary, title: Label) -> Write:
    def write(out: BinaryIO) -> object:
        return write_rows(out, shown, rows, vocabulary=words, title=title, language=language(), rules=False)

    return write


def counts(facts: Facts) -> Paper:
    """What may be handed out of the three lists: counts by node, none that few firms stand behind."""
    nodes = ChainNode.objects.filter(chain=facts.meeting.chain_id).order_by("position")
    counted = (_by_node(facts, DemandLine), _by_node(facts, SupplyLine), _matched(facts))
    rows = []
    for node in nodes:
        cells = [column.get(node.pk, 0) for column in counted]
        if any(cell is None or cell for cell in cells):
            rows.append(row(node.name, *("*" if cell is None else cell for cell in cells)))
    head = columns(
        *((_("Node of the chain"), 4), (_("Demand lines"), 2, "center")),
        *((_("Supply lines"), 2, "center"), (_("Demand lines with a match"), 2, "center")),
    )
    note = _("As of %(day)s. * stands for numbers behind which there are fewer than three firms.")
    return Paper(
        title=_("Demand, supply and matches of the %(chain)s chain") % {"chain": facts.meeting.chain.name},
        blocks=(Table(head, tuple(rows)), Text(note % {"day": day(facts.head.dated)})),
        language=language(),
    )


def _by_node(facts: Facts, model: Any) -> Mapping[int, int | None]:
    lines = _of_chain(facts, model).exclude(node=None).order_by().values("node")
    told = lines.annotate(lines=Count("pk"), firms=Count("organisation", distinct=True))
    return few((one["node"], one["lines"], one["firms"]) for one in told)


def _matched(facts: Facts) -> Mapping[int, int | None]:
    published = latest_list(facts)
    if published is None:
        return {}
    rows = Match.objects.filter(run=published.run_id, listed=True).exclude(demand__node=None).order_by()
    told = rows.values("demand__node").annotate(
        lines=Count("demand", distinct=True),
        buyers=Count("demand__organisation", distinct=True),
        sellers=Count("supply__organisation", distinct=True),
    )
    return few((one["demand__node"], one["lines"], min(one["buyers"], one["sellers"])) for one in told)


def lines_by_firm(pack: PaperPack, model: Any) -> Iterator[tuple[uuid.UUID, int]]:
    """Whose lines stand in the workbook of a list, and how many; one query."""
    meeting = pack.meeting
    lines = model.objects.matchable(chain=meeting.chain_id, kind=meeting.kind, on=pack.dated)
    yield from lines.order_by().values_list("organisation").annotate(lines=Count("pk"))
