from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[2]
LINES = ["厚度3±0.1mm，屈服强度不低于690MPa", "", "欢迎来电", "误差不超过千分之五"]


def _run(path: Path) -> list[Any]:
    out = StringIO()
    call_command("parse_requirements", str(path), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_one_array_a_line_whatever_the_encoding(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(newline.join([*LINES, ""]).encode(encoding))
    first, blank, nothing, last = _run(path)
    assert [(item["parameter"], item["low"], item["unit"]) for item in first] == [
        ("厚度", 2.9, "mm"),
        ("屈服强度", 690, "MPa"),
    ]
    assert (blank, nothing) == ([], [])
    assert last[0]["high"] == 0.5
    assert last[0]["unit"] == "%"
    assert last[0]["span"] == [0, 9]


def test_a_damaged_byte_costs_one_character_and_is_told(tmp_path: Path) -> None:
    file = tmp_path / "texts"
    file.write_bytes("抗拉强度≥690MPa，表面无裂纹\n材质\n".encode() + b"\xff " + "厚度5mm".encode())
    told = StringIO()
    call_command("parse_requirements", str(file), stdout=(out := StringIO()), stderr=told)
    first, _, last = out.getvalue().splitlines()
    assert json.loads(first)[0]["parameter"] == "抗拉强度"
    assert [row["parameter"] for row in json.loads(last)] == ["厚度"]
    assert "line 3" in told.getvalue()


def test_a_last_line_without_an_end_counts(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("厚度3mm\n宽度2m", encoding="utf-8")
    assert len(_run(path)) == 2


def test_an_empty_file_gives_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"")
    assert _run(path) == []


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("parse_requirements", str(tmp_path / "none.txt"), stdout=StringIO())


def test_standard_input_without_a_database_and_in_a_plain_terminal() -> None:
    surroundings = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "manage.py", "parse_requirements", "-"],
        cwd=ROOT,
        env={**surroundings, "PYTHONIOENCODING": "ascii"},
        input="硬度58~62HRC\n".encode(),
        capture_output=True,
        check=True,
        timeout=120,
    )
    (only,) = json.loads(done.stdout.decode("utf-8"))
    assert only["text"] == "硬度58~62HRC"
