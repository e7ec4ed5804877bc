"""What of a line is filled in, for one line and for whole lists."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.cache import caches
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import OrganisationKind
from matching import kinds
from matching.engine.common_words import FIRMS
from matching.kinds import Completeness, Kind
from matching.lists.models import Certificate, DemandLine, Property, Requirement, SupplyLine

_ROWS: dict[type[Any], dict[str, Any]] = {
    DemandLine: {"requirements": Requirement.objects.filter(demand=OuterRef("pk"))},
    SupplyLine: {
        "properties": Property.objects.filter(supply=OuterRef("pk")),
        "certificates": Certificate.objects.filter(supply=OuterRef("pk")),
    },
}
_EMPTY: tuple[Any, ...] = (None, "", [])
_STEPS = (FIRMS, 5, 10, 20, 50, 100, 200, 500, 1000)
_KEPT_SECONDS = 600


def _side(model: type[Any]) -> str:
    return "need" if model is DemandLine else "offer"


def _has(name: str) -> str:
    return f"has_{name}"


def with_filled(lines: QuerySet[Any]) -> QuerySet[Any]:
    """Lines that know, without another query, which of their kinds of rows they have."""
    held = {_has(name): Exists(rows) for name, rows in _ROWS[lines.model].items()}
    annotated: QuerySet[Any] = lines.annotate(**held)
    return annotated


def completeness_of(line: Any) -> Completeness:
    """How complete a line of ``with_filled`` is."""
    model = type(line)
    kind, side = kinds.get(line.kind), _side(model)
    names = (one.name for one in kinds.counted(kind, side))
    return kinds.completeness(kind, side, {name for name in names if _is_filled(line, name)})


def _is_filled(line: Any, name: str) -> bool:
    if name in _ROWS[type(line)]:
        return bool(getattr(line, _has(name)))
    column = "node_id" if name == "node" else name
    return getattr(line, column) not in _EMPTY


def incomplete(lines: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the lines that ``completeness_of`` finds something missing in."""
    some = Q(pk__in=[])
    for kind in kinds.registered():
        some |= Q(kind=kind.code) & _something_missing(kind, lines.model)
    return lines.filter(some)


def _something_missing(kind: Kind, model: type[Any]) -> Q:
    missing = Q(pk__in=[])
    for one in kinds.counted(kind, _side(model)):
        missing |= ~_filled(model, one.name)
    return missing


def _filled(model: type[Any], name: str) -> Q:
    if name in _ROWS[model]:
        return Q(Exists(_ROWS[model][name]))
    field = model._meta.get_field(name)
    if isinstance(field, ArrayField):
        return ~Q(**{name: []})
    if isinstance(field, CharField):
        return ~Q(**{name: ""})
    return Q(**{f"{name}__isnull": False})


def asking(user: User, lines: list[SupplyLine]) -> dict[tuple[str, str], dict[str, int]]:
    """By chain and kind of the lines: how many open needs ask for what, as far as a firm may know.

    Told is the lower end of a step, and only where several firms ask, so that no number speaks of one of
    them. Who acts for a leader firm as well could take its own needs off: nothing is told.
    """
    places = {(line.chain_id, line.kind) for line in lines}
    if not places or user.firms(OrganisationKind.LEADER_FIRM):
        return {}
    keys = {f"asking:{chain}:{kind}": (chain, kind) for chain, kind in places}
    found = caches["process"].get_many(keys)
    for key, (chain, kind) in keys.items():
        if key not in found:
            found[key] = _asking(chain, kinds.get(kind))
            caches["process"].set(key, found[key], _KEPT_SECONDS)
    return {keys[key]: counts for key, counts in found.items()}


def _asking(chain: str, kind: Kind) -> dict[str, int]:
    today = timezone.localdate()
    open_needs: QuerySet[Any] = DemandLine.objects.matchable(chain=chain, kind=kind.code, on=today)
    counted: dict[str, Any] = {}
    for name in {one.asked_by for one in kind.telling("offer") if one.asked_by}:
        asks = _filled(DemandLine, name)
        counted[f"needs_{name}"] = Count("pk", filter=asks)
        counted[f"firms_{name}"] = Count("organisation", filter=asks, distinct=True)
    numbers = open_needs.filter(confidential=False).aggregate(**counted)
    return {
        name.removeprefix("needs_"): max(step for step in _STEPS if step <= count)
        for name, count in numbers.items()
        if name.startswith("needs_") and numbers[name.replace("needs_", "firms_", 1)] >= FIRMS
    }
