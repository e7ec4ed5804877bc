"""Hostile files are refused in plain words, or do nothing; none takes the reader down."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
import zipfile

import pytest

from matching.sheets.reading import read
from matching.sheets.types import Reading, SheetRefused
from tests.sheets.awkward.making import HEADER, LINE, csv, ods, ods_row, xls, xlsx, zipped
from tests.sheets.awkward.making import READ as WHOLE
from tests.sheets.hostile import CASES, READ, Hostile
from tests.sheets.hostile_families import ANY, FAMILIES, REFUSED, TOLD
from tests.sheets.reading_words import NEED, VOCABULARY
from tests.torture import times

_MOST_MEMORY = 512 * 1024
"""Kilobytes of the processes that read, the one that takes files apart included."""
_SEEDS = times(12, 1_250)
"""Eight damaged files of each seed."""


def _outcome(name: str, data: bytes) -> str:
    try:
        reading = read(data, name, NEED, VOCABULARY)
    except SheetRefused as refused:
        told = refused.problem
        assert all((told.message.zh, told.message.en, told.remedy.zh, told.remedy.en))
        return told.code
    assert isinstance(reading, Reading)
    return READ


@pytest.mark.parametrize("case", CASES, ids=[case.about for case in CASES])
def test_it_is_refused_in_plain_words(case: Hostile) -> None:
    name, data = case.make()
    assert _outcome(name, data) == case.code


def _told(name: str, data: bytes) -> tuple[str, ...]:
    """What may be said of the file: the code of a refusal, ``told`` with problems alone, or read whole."""
    try:
        reading = read(data, name, NEED, VOCABULARY)
    except SheetRefused as refused:
        return refused.problem.code, REFUSED, TOLD, ANY
    if not reading.rows and reading.problems:
        return TOLD, ANY
    assert [dict(row.values) for row in reading.rows] == [dict(WHOLE)]
    return READ, ANY


@pytest.mark.parametrize("family", FAMILIES)
def test_families_are_refused_or_read_whole(family: str) -> None:
    wrong = {
        case.about: (case.code, told)
        for case in FAMILIES[family]()
        if case.code not in (told := _told(*case.make()))
    }
    assert wrong == {}


_MEASURE = """
import re
import resource
from pathlib import Path
from tests.sheets.hostile import CASES
from tests.sheets.test_reading_hostile import _outcome
for case in CASES:
    name, data = case.make()
    _outcome(name, data)
own = int(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


def test_there_are_many_and_none_takes_much_memory() -> None:
    """In a process of its own, by its own mark: ``ru_maxrss`` begins with what the parent held."""
    assert len(CASES) + sum(len(list(family())) for family in FAMILIES.values()) >= 300
    measured = subprocess.run([sys.executable, "-c", _MEASURE], capture_output=True, text=True, check=True)
    assert int(measured.stdout) < _MOST_MEMORY


_VALID = {
    "list.xlsx": lambda: xlsx([HEADER, LINE])[1],
    "list.xls": lambda: xls([HEADER, LINE])[1],
    "list.ods": lambda: ods(ods_row(HEADER), ods_row(LINE))[1],
    "list.csv": lambda: csv(f"{','.join(HEADER)}\nA1,铝型材,光伏,1,吨,每月\n")[1],
}


@pytest.mark.parametrize("seed", range(_SEEDS))
@pytest.mark.parametrize("name", _VALID)
def test_damaged_files_are_read_or_refused(name: str, seed: int) -> None:
    data = _damaged(_VALID[name](), random.Random(f"{name}{seed}"))
    assert isinstance(_outcome(name, data), str)


@pytest.mark.parametrize("seed", range(_SEEDS * 2))
@pytest.mark.parametrize("name", ["list.xlsx", "list.ods"])
def test_damaged_parts_are_read_or_refused(name: str, seed: int) -> None:
    dice = random.Random(f"parts{name}{seed}")
    with zipfile.ZipFile(io.BytesIO(_VALID[name]())) as package:
        parts: dict[str, str | bytes] = {part: package.read(part) for part in package.namelist()}
    chosen = dice.choice(
        [part for part in parts if "sheet1" in part or "content" in part or "workbook" in part]
    )
    text = parts[chosen]
    assert isinstance(text, bytes)
    parts[chosen] = _edited(text, dice)
    assert isinstance(_outcome(name, zipped(parts)), str)


def _edited(text: bytes, dice: random.Random) -> bytes:
    """XML in which a value is absurd or a piece of it stands elsewhere: still XML, most of the time."""
    values = list(re.finditer(rb'"[^"<>]*"|>[^<>]+<', text))
    for found in sorted(dice.sample(values, min(3, len(values))), key=lambda each: -each.start()):
        absurd = dice.choice(
            (b"-1", b"99999999999", b"1e308", b"NaN", "长".encode() * 99, b"", b"\xc3(", b"A0", b"&#0;")
        )
        text = text[: found.start() + 1] + absurd + text[found.end() - 1 :]
    return text


def _damaged(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, cut out, doubled, or all of the rest gone."""
    broken = bytearray(data)
    for _ in range(dice.choice((1, 3, 10, 40))):
        if len(broken) < 99:
            break
        at = dice.randrange(len(broken))
        match dice.randrange(4):
            case 0:
                broken[at] = dice.randrange(256)
            case 1:
                del broken[at : at + dice.randrange(1, 60)]
            case 2:
                broken[at:at] = broken[at : at + dice.randrange(1, 60)]
            case 3:
                broken[at : at + 4] = dice.choice((b"\xff" * 4, b"\0" * 4, b"\xff\xff\xff\x7f"))
    return bytes(broken[: dice.randrange(1, len(broken) + 1)] if dice.random() < 0.1 else broken)
