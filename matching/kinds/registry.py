"""The kinds that this installation knows."""

from __future__ import annotations

from matching.kinds.declaration import Kind

_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; declaring the same code again replaces it."""
    _KINDS[kind.code] = kind


def get(code: str) -> Kind:
    """The kind with that code. Raises ``KeyError``."""
    return _KINDS[code]


def registered() -> tuple[Kind, ...]:
    """All kinds in order of registration."""
    return tuple(_KINDS.values())


def choices() -> list[tuple[str, str]]:
    """Codes with their Chinese names."""
    return [(kind.code, kind.name.zh) for kind in _KINDS.values()]
