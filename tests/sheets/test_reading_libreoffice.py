"""A list that LibreOffice saved as something else reads as the list that it was."""

from __future__ import annotations

import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from matching.kinds.declaration import Label
from matching.sheets.reading import read
from matching.sheets.writing import write_rows
from tests.sheets.reading_words import NEED, VOCABULARY
from tests.sheets.words import SOFFICE, needs_libreoffice

_LINES = [
    {
        **{
            "key": "0012",
            "chain": "pv",
            "node": "pv-u2",
            "title": "=铝型材",
            "standards": ["GB/T 700", "a、b"],
        },
        **{
            "quantity": Decimal("120.5"),
            "unit": "吨",
            "period": "month",
            "deliver_until": date(2026, 11, 22),
        },
        **{"delivery_region": "140105", "price_ceiling": Decimal(21300), "import_substitution": True},
        **{"contact_phone": "13800138000", "description": "第一行\n第二行", "regions": ["140000", "110105"]},
        "requirements": [
            {
                **{"operator": "at_least", "parameter": "抗拉强度", "low": Decimal(310), "high": None},
                **{"values": [], "unit": "MPa", "hard": False},
            }
        ],
    }
]
_FORMATS = (
    "ods",
    "xls",
    "csv:Text - txt - csv (StarCalc):44,34,76",
    "csv:Text - txt - csv (StarCalc):9,34,85",
)


@needs_libreoffice
@pytest.mark.parametrize("kind", _FORMATS)
def test_it_reads_the_same(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "list.xlsx"
    with source.open("wb") as out:
        write_rows(out, NEED, _LINES, vocabulary=VOCABULARY, title=Label("清单", "List"), language="zh-hans")
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    convert = ["--headless", "--convert-to", kind, "--outdir", str(tmp_path / "out"), str(source)]
    subprocess.run([str(SOFFICE), profile, *convert], check=True, capture_output=True, timeout=180)
    [saved] = (tmp_path / "out").iterdir()
    [row] = read(saved, saved.name, NEED, VOCABULARY).rows
    assert {name: value for name, value in row.values.items() if value is not None} == _LINES[0]
    assert row.problems == ()
