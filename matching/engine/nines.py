"""Purity as a number of nines: 5N is 99.999 %, 4N5 and 4.5N are 99.995 %. Of nothing else is N that."""

from __future__ import annotations

import re

NINES = r"(?<![0-9A-Za-z.])(?:[2-9](?:\.[1-9])?N[1-9]?|1[0-3]N)(?![0-9A-Za-z])"
_NINES = re.compile(NINES)
_NAMED = re.compile(r"纯度|\bpurity", re.IGNORECASE)


def is_nines(parameter: str, written: str) -> bool:
    """Whether a value is a purity told by its nines."""
    return _NAMED.search(parameter) is not None and _NINES.search(written) is not None


def is_count(written: str) -> bool:
    """Whether something written is a number of nines."""
    return _NINES.fullmatch(written) is not None


def in_percent(parameter: str, written: str) -> str:
    """A purity with its nines written out; values of other parameters as they are."""
    return _NINES.sub(lambda found: percent(found.group()), written) if _NAMED.search(parameter) else written


def percent(nines: str) -> str:
    """``4N5`` as ``99.995%``."""
    count, _, last = nines.replace(".", "N", nines.count(".")).partition("N")
    digits = "9" * int(count) + last.strip("N")
    return f"{digits[:2]}.{digits[2:]}%" if len(digits) > 2 else f"{digits}%"
