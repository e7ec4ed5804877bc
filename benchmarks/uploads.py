"""A firm's workbook from its arrival to the list: how many rows a second each step takes.

::

    python -m benchmarks.uploads [--rows 20000] [--json]

Starts a PostgreSQL of its own that is thrown away (``DATABASE_URL`` and ``REDIS_URL`` are used where they
are set), writes a workbook of generated demand lines with their technical requirements as an export writes
it, and hands it in as a firm does. One worker's part is done in this process: the file is read, compared
with the list and applied. Then the same file comes again, and once more with every quantity changed.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from benchmarks.lines import CHAIN
from benchmarks.published import migrate, services

MEGABYTE = 1024


@dataclass(frozen=True, slots=True)
class Passage:
    """One file's way, in seconds by step; ``reading`` is the part of ``preview`` that takes it apart."""

    counts: dict[str, int]
    receive: float
    preview: float
    reading: float
    apply: float
    seconds: float
    rows_a_second: int


@dataclass(frozen=True, slots=True)
class Report:
    """``megabytes`` is this process's peak, ``kilobytes`` the size of the workbook."""

    rows: int
    kilobytes: int
    first: Passage
    again: Passage
    changed: Passage
    megabytes: int


def measure(rows: int, seed: int = 1) -> Report:
    """Write a workbook and hand it in three times. Django must not be set up yet in this process."""
    from benchmarks.lines import generate

    with services():
        import django

        django.setup()
        migrate()
        needs, _offers = generate(rows, 0, seed)
        person, columns, written = _scene(needs)
        book = _workbook(columns, written)
        more = _workbook(columns, [{**row, "quantity": Decimal(row["quantity"]) + 1} for row in written])
        first, again = _pass(person, book), _pass(person, book)
        changed = _pass(person, more)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE
        return Report(rows, len(book) // 1024, first, again, changed, peak)


def _scene(needs: Sequence[Any]) -> tuple[Any, Any, list[dict[str, Any]]]:
    """A leader firm's person, the columns of its list and the rows of its workbook."""
    from stdnum.cn import uscc as credit

    from accounts.roles import OrganisationKind, Role
    from accounts.services import open_account, register_organisation
    from benchmarks.rows import make_nodes
    from matching import kinds
    from matching.chains.models import Chain, ChainNode
    from matching.sheets.columns import columns

    chain = Chain.objects.create(code=CHAIN, name_zh="全省", name_en="Province")
    ids = make_nodes(chain, {need.node for need in needs})
    codes = dict(ChainNode.objects.values_list("pk", "code"))
    firm = register_organisation(
        kind=OrganisationKind.LEADER_FIRM,
        name="示例企业",
        region="140105",
        uscc="91140100MA0T00001" + credit.calc_check_digit("91140100MA0T00001"),
    )
    person = open_account(
        username="leader",
        password="a long password of a benchmark",
        name="张三",
        organisation=firm,
        role=Role.LEADER_FIRM,
    )
    rows = [_row(need, number, codes.get(ids.get(need.node, 0))) for number, need in enumerate(needs)]
    return person, columns(kinds.get("product"), "need"), rows


def _row(need: Any, number: int, node: str | None) -> dict[str, Any]:
    names = ("title", "description", "unit", "quantity", "deliver_from", "deliver_until", "price_ceiling")
    return {
        **{name: getattr(need, name) for name in names},
        "key": f"X{number:05}",
        "chain": CHAIN,
        "node": node,
        "period": need.period.value,
        "standards": list(need.standards),
        "certificates": list(need.certificates),
        "requirements": [
            {**asdict(row), "operator": row.operator.value, "values": list(row.values)}
            for row in need.requirements
        ],
    }


def _workbook(columns: Any, rows: Sequence[dict[str, Any]]) -> bytes:
    from matching.kinds import Label
    from matching.lists.queries.vocabulary import vocabulary
    from matching.sheets.writing import write_rows

    out = io.BytesIO()
    title = Label("配套需求", "Demand")
    write_rows(out, columns, rows, vocabulary=vocabulary(), title=title, language="zh-hans")
    return out.getvalue()


def _pass(person: Any, book: bytes) -> Passage:
    from django.core.files.base import ContentFile

    from matching.uploads.services import order_apply, receive, work, working

    taken: list[float] = []
    plain_read: Callable[..., Any] = vars(working)["read"]

    def read(*arguments: Any) -> Any:
        seconds, found = _timed(lambda: plain_read(*arguments))
        taken.append(seconds)
        return found

    setattr(working, "read", read)  # noqa: B010
    firm = person.firms()[0]
    receiving, upload = _timed(
        lambda: receive(
            actor=person,
            organisation=firm,
            side="demand",
            kind="product",
            file=ContentFile(book, "list.xlsx"),  # type: ignore[arg-type]
        )
    )
    previewing, _ = _timed(lambda: work(upload_id=upload.pk))
    setattr(working, "read", plain_read)  # noqa: B010
    order_apply(actor=person, upload_id=upload.pk)
    applying, _ = _timed(lambda: work(upload_id=upload.pk))
    upload.refresh_from_db()
    if upload.state != "applied":
        raise RuntimeError(f"the upload is {upload.state}: {upload.problems or upload.error}")
    seconds = receiving + previewing + applying
    rows = sum(upload.counts.values())
    passage = Passage(upload.counts, receiving, previewing, taken[0], applying, seconds, int(rows / seconds))
    return replace(
        passage,
        **{
            name: round(getattr(passage, name), 2)
            for name in ("receive", "preview", "reading", "apply", "seconds")
        },
    )


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.monotonic()
    found = call()
    return time.monotonic() - begun, found


def main() -> None:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    report = asdict(measure(chosen.rows))
    print(json.dumps(report, ensure_ascii=False) if chosen.json else json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
