"""What a run found as rows of workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import get_language

from accounts.models import User
from matching.disclosure.services import saw, saw_pairs
from matching.runs.models import Band, MatchingList, MatchingRun
from matching.runs.queries import gaps, listed_rows, near_misses, tell, titles_of
from matching.runs.words import OUTCOMES, SECRET_KINDS, condition_in_words

AT_A_TIME = 500
"""Rows in memory at once."""

T = TypeVar("T")
Row = dict[str, object]


def gap_rows(user: User, run: MatchingRun) -> Iterator[Row]:
    """Gaps of a run, the widest first."""
    english = (get_language() or "").startswith("en")
    for gap in gaps(user, run).iterator(chunk_size=AT_A_TIME):
        yield {
            **line_cells("demand", gap.demand, gap.demand_title),
            "type": gap.get_type_display(),
            "type_code": gap.type,
            "uncovered": hundredths(gap.uncovered),
            "evidence": gap.evidence_en if english else gap.evidence_zh,
        }


def near_miss_rows(user: User, run: MatchingRun, *, secrets: bool) -> Iterator[Row]:
    """Near misses of a run; values that are trade secrets only with ``secrets``."""
    for miss in told_in_batches(near_misses(user, run)):
        saw_pairs([miss], secrets=secrets)
        failing: Any = miss.failing
        shown = failing if secrets or failing["kind"] not in SECRET_KINDS else {}
        yield {
            **pair_cells(miss),
            "failing": condition_in_words(failing),
            "wanted": shown.get("wanted"),
            "offered": shown.get("offered"),
            "sentence": phrase(shown.get("sentence")),
        }


def published_rows(published: MatchingList) -> Iterator[Row]:
    """A published list as it was frozen."""
    rows: Any = iter(listed_rows(published))
    while batch := list(islice(rows, AT_A_TIME)):
        titles = titles_of(published.run_id, {row[side] for row in batch for side in ("demand", "supply")})
        for row in batch:
            yield {
                **_frozen_cells("demand", row["demand"], titles),
                **_frozen_cells("supply", row["supply"], titles),
                "rank": row["rank"],
                "band": str(Band(row["band"]).label),
                "band_code": row["band"],
                "score": hundredths(row["score"]),
                "allocated": Decimal(row["allocated"]),
                "unit": row["unit"],
                "share": hundredths(row["share"]),
            }


def told_in_batches(pairs: QuerySet[Any]) -> Iterator[Any]:
    """Matches or near misses with their words; two queries for each ``AT_A_TIME``."""
    rows = pairs.iterator(chunk_size=AT_A_TIME)
    while batch := list(islice(rows, AT_A_TIME)):
        yield from tell(batch)


def pair_cells(pair: Any) -> Row:
    """The two lines of a pair, its rank and its score."""
    return {
        **line_cells("demand", pair.demand, pair.demand_title),
        **line_cells("supply", pair.supply, pair.supply_title),
        "rank": pair.rank,
        "score": hundredths(pair.score),
    }


def line_cells(name: str, line: Any, title: str) -> Row:
    """A line with its firm."""
    saw([line])
    return {
        f"{name}_firm": line.organisation.name,
        f"{name}_uscc": line.organisation.uscc,
        f"{name}_key": line.key,
        f"{name}_title": title,
    }


def conditions_in_cell(conditions: Iterable[Mapping[str, Any]], *, secrets: bool) -> str:
    """Each condition on a line of its own: what it speaks about, both values, the result."""
    return "\n".join(_condition(condition, secrets) for condition in conditions)


def phrase(sentence: Mapping[str, str] | None) -> str | None:
    """A sentence of the engine in the reader's language."""
    if not sentence:
        return None
    return sentence["en" if (get_language() or "").startswith("en") else "zh"]


def hundredths(basis_points: int) -> Decimal:
    """Basis points as points of a hundred: 7350 → 73.5."""
    return Decimal(basis_points) / 100


def _condition(condition: Mapping[str, Any], secrets: bool) -> str:
    name = condition_in_words(condition)
    result = str(OUTCOMES[condition["outcome"]])
    if not secrets and condition["kind"] in SECRET_KINDS:
        return f"{name}: {result}"
    return f"{name}: {condition['wanted'] or '—'} / {condition['offered'] or '—'} · {result}"


def _frozen_cells(name: str, key: str, titles: Mapping[str, tuple[str, str]]) -> Row:
    uscc, _slash, number = key.partition("/")
    title, firm = titles.get(key, ("", ""))
    return {f"{name}_firm": firm, f"{name}_uscc": uscc, f"{name}_key": number, f"{name}_title": title}
