"""Administrative divisions by name, path or code."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from matching.kinds.declaration import Label
from matching.sheets.reading.values.texts import narrow
from matching.sheets.reading.values.unreadable import Unreadable
from matching.sheets.types import RegionWord

_PARTING = re.compile(r"[\s/\\>\-—,，、·|]+")
_ENDINGS = re.compile(
    "(?:特别行政区|[壮回维吾尔]*自治区|土家族苗族自治[州县]|[\u4e00-\u9fff]{1,4}族自治[州县]|自治[州县旗]|地区|新区|矿区|省|市|县|区|盟|旗)$"
)
_MOST_CANDIDATES = 6


def read_region(text: str, regions: tuple[RegionWord, ...]) -> str:
    """The code of a region. Raises ``Unreadable`` for none or several, naming what may be meant."""
    index = _index(regions)
    written = narrow(text).strip()
    if written.isdigit():
        code = index.codes.get(_significant(written))
        if code is not None:
            return code
        raise Unreadable("unknown_region", text=text, near="")
    key = _PARTING.sub("", written)
    for found in (index.full.get(key), index.short.get(key), index.short.get(_short(key))):
        if found:
            return _only(found, text, index)
    raise Unreadable("unknown_region", text=text, near=_near(key, index))


def _only(codes: tuple[str, ...], text: str, index: _Index) -> str:
    # 吉林 is a province and a city in it: the one that holds the others is meant, if there is one.
    top = min(codes, key=lambda code: len(_significant(code)))
    if all(code.startswith(_significant(top)) for code in codes):
        return top
    names = [index.names[code] for code in codes]
    shown = "、".join(names[:_MOST_CANDIDATES]) + ("…" if len(names) > _MOST_CANDIDATES else "")
    raise Unreadable("ambiguous_region", text=text, candidates=shown)


class _Index:
    def __init__(self, regions: Iterable[RegionWord]) -> None:
        self.names: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        full: dict[str, dict[str, None]] = {}
        short: dict[str, dict[str, None]] = {}
        for region in regions:
            self.names[region.code] = "".join(region.path)
            self.codes[_significant(region.code)] = region.code
            for key in _spellings(region.path, shorten=False):
                full.setdefault(key, {})[region.code] = None
            for key in _spellings(region.path, shorten=True):
                short.setdefault(key, {})[region.code] = None
        self.full = {key: tuple(codes) for key, codes in full.items()}
        self.short = {key: tuple(codes) for key, codes in short.items()}


_made: list[tuple[tuple[RegionWord, ...], _Index]] = []


def _index(regions: tuple[RegionWord, ...]) -> _Index:
    """Of the regions last asked for, known by identity: hashing thousands of them for every cell costs."""
    for known, index in _made:
        if known is regions:
            return index
    _made[:] = [(regions, _Index(regions))]
    return _made[0][1]


def _spellings(path: tuple[str, ...], *, shorten: bool) -> Iterator[str]:
    """The region's name behind any of those above it."""
    above = [("", name, _short(name)) if shorten else ("", name) for name in path[:-1]]
    last = (path[-1], _short(path[-1])) if shorten else (path[-1],)
    for parts in product(*above, last):
        yield "".join(parts)


def _significant(code: str) -> str:
    """140000 and 14 are one province."""
    return re.sub("(?:00){1,2}$", "", code) if len(code) == 6 else code


@lru_cache(maxsize=16_384)
def _short(name: str) -> str:
    """太原 for 太原市; names of two signs keep what they have."""
    found = _ENDINGS.search(name)
    return name[: found.start()] if found and found.start() >= 2 else name


def _near(key: str, index: _Index) -> Label | str:
    close = difflib.get_close_matches(key, list(index.full), 1, 0.75) if len(key) <= 20 else []
    if not close:
        return ""
    name = index.names[index.full[close[0]][0]]
    return Label(f"；是否指“{name}”", f"; is {name} meant?")
