"""A line's columns as people read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from matching import kinds
from matching.chains.queries import region_names
from matching.lists import access
from matching.lists.models import DemandLine, Line

_OWN_SECTION = frozenset({"title", "description", "quality_clauses", "requirements", "properties", "node"})


def shown_fields(user: User, line: Any) -> list[tuple[str, str, bool]]:
    """Label, words and secrecy of each column that is filled; secrets only for those who may see them."""
    side = "need" if isinstance(line, DemandLine) else "offer"
    hidden = frozenset[str]() if access.sees_secrets(user, line) else access.SECRET_FIELDS[type(line)]
    names = [name for name in kinds.get(line.kind).columns(side) if name not in _OWN_SECTION | hidden]
    columns = {field.name for field in line._meta.concrete_fields}
    places = region_names([*getattr(line, "regions", ()), getattr(line, "delivery_region", "")])
    secret = access.SECRET_FIELDS[type(line)]
    shown = [(name, in_words(line, name, places)) for name in names if name in columns]
    return [(label(line, name), text, name in secret) for name, text in shown if text]


def in_words(line: Any, name: str, places: dict[str, str]) -> str:
    """A column's value as people read it; empty where nothing was written."""
    value = getattr(line, name)
    if name in {"regions", "delivery_region"}:
        codes = value if isinstance(value, list) else [value] if value else []
        return "、".join(places.get(code, "") for code in codes)
    match value:
        case None | "" | [] | False:
            return ""
        case True:
            return _("Yes")
        case list():
            return "、".join(value)
        case Decimal():
            return f"{value.normalize():,f}"
        case date():
            return date_format(value, "Y-m-d")
    choice = getattr(line, f"get_{name}_display", None)
    return str(choice() if choice else value)


def label(line: Line, name: str) -> str:
    """Name of a column."""
    return str(getattr(line._meta.get_field(name), "verbose_name", name))
