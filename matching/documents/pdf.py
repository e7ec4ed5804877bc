"""Papers as .pdf: typst lays them out, fonts of a package are embedded, only the signs in use.

What people wrote reaches typst as data and is never read as its markup. Nothing is read but the layout
beside this file and the fonts: no fonts of the system, no packages, no network.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pylopdf_fonts_zh_cn as fonts
import typst

from matching.documents import measures
from matching.documents.paper import Paper

_LAYOUT = Path(__file__).parent / "official.typ"
MADE = 0
"""Seconds since 1970 that every file says it was made at: the same paper is the same file."""
_SIZES = {name.lower(): value for name, value in vars(measures).items() if name.isupper()}


def write(paper: Paper, *, own_fonts: str = "") -> bytes:
    """A paper as .pdf.

    ``own_fonts`` is a folder with the typefaces that an office has a licence for (仿宋, 楷体, 小标宋): they
    are taken where they are, and Noto Serif SC and Noto Sans SC stand in for those that are not.
    """
    told = {"paper": paper, "sizes": _SIZES, "own": bool(own_fonts)}
    made = typst.compile(
        _LAYOUT.read_bytes(),
        format="pdf",
        font_paths=_fonts(own_fonts),
        sys_inputs={"told": msgspec.json.encode(told).decode()},
        timestamp=MADE,
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts(own: str) -> typst.Fonts:
    folders = [fonts.serif_path().parent, *([Path(own)] if own else [])]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
