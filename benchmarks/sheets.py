"""How fast a workbook of a list is read, and in how much memory: ``python -m benchmarks.sheets``.

Writes a demand list of ``--rows`` lines (25 columns), reads it as an upload is read (opened with suspicion,
headers found, every cell understood) and has openpyxl read the same file, each in a process of its own.
Reports seconds, seconds of processor and peak memory, with those of the process that takes the file apart.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl

from matching import kinds
from matching.kinds.declaration import Label
from matching.sheets.columns import columns
from matching.sheets.reading import read
from matching.sheets.types import ChainWord, Column, NodeWord, RegionWord, Vocabulary
from matching.sheets.writing import write_rows

_LEFT_OUT = {"regions", "region_required", "max_suppliers", "stage", "quality_clauses", "confidential"} | {
    "delivery_region",
}
VOCABULARY = Vocabulary(
    (ChainWord("rail", "先进轨道交通", (NodeWord("profile", ("车体型材",)),)),),
    (RegionWord("14", ("山西省",)), RegionWord("1401", ("山西省", "太原市"))),
    ("吨", "件"),
)


def _columns() -> tuple[Column, ...]:
    return tuple(column for column in columns(kinds.get("product"), "need") if column.name not in _LEFT_OUT)


def _lines(count: int) -> Iterator[dict[str, object]]:
    for at in range(count):
        strength = {
            "parameter": "抗拉强度",
            "operator": "at_least",
            "low": Decimal(300 + at % 90),
            "unit": "MPa",
        }
        width = {
            "parameter": "厚度",
            "operator": "between",
            "low": Decimal(3),
            "high": Decimal(6 + at % 7),
            "unit": "mm",
        }
        yield {
            **{"key": f"D{at:06}", "chain": "rail", "node": "profile", "title": f"铝合金车体型材{at % 997}"},
            **{"category_code": f"{at:08}", "drawing_no": f"TH-{at}", "standards": ["GB/T 6892-2023"]},
            **{"description": "用于车体侧墙，长度按图纸。", "requirements": [strength, width]},
            **{"quantity": Decimal(at) / 4, "unit": "吨", "period": "month"},
            **{"deliver_from": date(2026, 1, 1) + timedelta(at % 300), "deliver_until": date(2027, 1, 1)},
            **{"delivery_place": "龙城大街1号", "price_ceiling": Decimal("21300.5"), "priority": at % 10},
            **{"certificates": ["ISO 9001", "IRIS"], "import_substitution": at % 2 == 0},
            **{"sample_required": False, "contact_name": "王工", "contact_phone": "13800000000"},
            "valid_until": date(2027, 5, 31),
        }


def _ours(path: Path) -> int:
    reading = read(path, path.name, _columns(), VOCABULARY)
    if any(row.problems for row in reading.rows) or reading.problems:
        raise SystemExit("The list that was written does not read back.")
    return len(reading.rows)


def _openpyxl(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(1 for row in book.worksheets[0].iter_rows(values_only=True) if any(row))


_READERS = {"ours": _ours, "openpyxl": _openpyxl}


def _measure(reader: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.sheets", "--read", reader, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _report(reader: str, path: Path) -> None:
    start = time.perf_counter()
    rows = _READERS[reader](path)
    seconds = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    figures = {
        "rows": rows,
        "seconds": round(seconds, 1),
        "processor": round(sum(each.ru_utime + each.ru_stime for each in used), 1),
        "megabytes": round(sum(each.ru_maxrss for each in used) / 1024),
    }
    print(json.dumps(figures))


def main() -> None:
    """Write, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--read", choices=_READERS)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.read:
        _report(options.read, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        title = Label("需求清单", "Demand list")
        with path.open("wb") as out:
            write_rows(
                out, _columns(), _lines(options.rows), vocabulary=VOCABULARY, title=title, language="zh-hans"
            )
        print(f"{options.rows} rows × {len(_columns())} columns, {path.stat().st_size / 2**20:.1f} MB")
        for reader in _READERS:
            figures = _measure(reader, path)
            print(
                f"{reader}: {figures['seconds']} s ({figures['processor']} s of processor), "
                f"{figures['megabytes']:.0f} MB at most"
            )


if __name__ == "__main__":
    main()
