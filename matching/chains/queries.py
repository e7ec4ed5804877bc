"""Page-shaped reads of reference data."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from matching.chains.models import ChainNode, GlossaryEntry, GlossaryKind, Region, RegionLevel
from matching.engine.types import Glossary

HOME_PROVINCE = "14"
"""The province that runs the programme."""


def glossary_for(chain: str) -> Glossary:
    """The active glossary of a chain in a stable order, ready to be frozen with a run."""
    entries = GlossaryEntry.objects.filter(Q(chain=None) | Q(chain_id=chain), is_active=True)
    groups: dict[str, list[tuple[str, ...]]] = {kind: [] for kind in GlossaryKind.values}
    for kind, words in entries.values_list("kind", "words"):
        groups[kind].append(tuple(words))
    return Glossary(
        synonyms=tuple(sorted(groups[GlossaryKind.SYNONYM])),
        grades=tuple(sorted(groups[GlossaryKind.GRADE])),
        units=tuple(sorted((words[0], words[1]) for words in groups[GlossaryKind.UNIT])),
    )


def region_names(codes: Iterable[str]) -> dict[str, str]:
    """Full names by code, as offices write them: 山西省太原市小店区."""
    wanted = set(codes)
    prefixes = {code[:length] for code in wanted for length in (2, 4, 6)}
    names = dict(Region.objects.filter(code__in=prefixes).values_list("code", "name"))
    return {code: _full_name(code, names) for code in wanted}


def _full_name(code: str, names: dict[str, str]) -> str:
    parts = [names.get(code[:length], "") for length in (2, 4, 6) if len(code) >= length]
    return "".join(dict.fromkeys(part for part in parts if part)) or code


def city_name(code: str, names: dict[str, str]) -> str:
    """Province and city of a county code: all that an anonymous offer shows."""
    return names.get(code[:4]) or names.get(code[:2]) or ""


def city_codes() -> dict[str, str]:
    """Codes of all cities by their names."""
    return dict(Region.objects.filter(level=RegionLevel.CITY).values_list("name", "code"))


def are_cities(codes: Iterable[str]) -> bool:
    """Whether each is the code of a city."""
    wanted = set(codes)
    return Region.objects.filter(code__in=wanted, level=RegionLevel.CITY).count() == len(wanted)


def nodes_of(chain: str) -> list[ChainNode]:
    """The tree of a chain, parents before children."""
    return list(ChainNode.objects.filter(chain_id=chain).order_by("position"))


def usual_units() -> list[str]:
    """Units that the chains' products are counted in."""
    return list(ChainNode.objects.exclude(unit="").order_by("unit").values_list("unit", flat=True).distinct())
