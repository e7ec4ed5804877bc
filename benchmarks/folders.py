"""Folders of labelled data: demands, supplies, who judged which pair how, and what was confirmed before.

All files are tab-separated text, with or without a line of headings, in UTF-8 or GB 18030:

- ``demands.tsv``: id, text; ``demands_body.tsv``: id, longer description (optional)
- ``supplies.tsv``: id, title, body (optional)
- ``qrels.tsv``: demand id, supply id, grade, or the four columns of TREC (optional)
- ``confirmed.tsv``: text of a past demand, id of the supply that people confirmed for it (optional)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_HEADINGS = frozenset(
    "id key text title demand demand_id supply supply_id query query_id qid did docid doc_id 编号".split()
)
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Line:
    """A demand or a supply as written; ``body`` may be empty."""

    key: str
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """One set of labelled data.

    ``grades``: demand id → supply id → grade; a pair without one was not judged. ``confirmed``:
    supply id → texts of past demands. Where an id occurs twice its first line counts.
    """

    name: str
    demands: tuple[Line, ...]
    supplies: tuple[Line, ...]
    grades: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    confirmed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def relevant_at(self) -> int:
        """The lowest grade that counts as relevant: 2 where grades go to 3, else 1."""
        highest = max((grade for judged in self.grades.values() for grade in judged.values()), default=1)
        return 2 if highest >= 3 else 1


def find(paths: Iterable[Path]) -> Iterator[Path]:
    """The folders of labelled data among the given ones and right inside them; other files are passed over.

    Raises FileNotFoundError where a given path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} does not exist")
        inside = sorted(path.iterdir()) if path.is_dir() else []
        yield from (folder for folder in (path, *inside) if (folder / "demands.tsv").is_file())


def read(path: Path) -> Folder:
    """Read one folder. Raises FileNotFoundError where it has no demands or no supplies."""
    bodies = {row[0]: _rest(row, 1) for row in _rows(path / "demands_body.tsv", optional=True)}
    demands = _lines(path / "demands.tsv")
    return Folder(
        name=path.resolve().name,
        demands=tuple(
            Line(line.key, line.title, bodies.get(line.key, "") or line.body) for line in demands.values()
        ),
        supplies=tuple(_lines(path / "supplies.tsv").values()),
        grades=_grades(path / "qrels.tsv"),
        confirmed=_confirmed(path / "confirmed.tsv"),
    )


def _lines(path: Path) -> dict[str, Line]:
    lines: dict[str, Line] = {}
    for row in _rows(path):
        if row[0]:
            lines.setdefault(row[0], Line(row[0], row[1] if len(row) > 1 else "", _rest(row, 2)))
    return lines


def _grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for row in _rows(path, optional=True):
        if len(row) > 2:
            judged, grade = grades.setdefault(row[0], {}), int(float(row[-1]))
            judged[row[-2]] = max(grade, judged.get(row[-2], grade))
    return grades


def _confirmed(path: Path) -> dict[str, tuple[str, ...]]:
    confirmed: dict[str, dict[str, None]] = {}
    for row in _rows(path, optional=True):
        if len(row) > 1:
            confirmed.setdefault(row[-1], {})[row[0]] = None
    return {supply: tuple(texts) for supply, texts in confirmed.items()}


def _rows(path: Path, *, optional: bool = False) -> list[list[str]]:
    if optional and not path.exists():
        return []
    # Only line feeds end a line: texts hold other separators that str.splitlines would cut at.
    rows = [
        [cell.strip() for cell in line.split("\t")] for line in _decoded(path).split("\n") if line.strip()
    ]
    return rows[1:] if rows and rows[0][0].casefold() in _HEADINGS else rows


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(errors="replace")


def _rest(row: list[str], start: int) -> str:
    return " ; ".join(cell for cell in row[start:] if cell)
