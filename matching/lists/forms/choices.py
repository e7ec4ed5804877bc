"""What choosers of nodes and regions offer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from matching.chains.models import ChainNode, NodeLevel, Region, RegionLevel
from matching.chains.queries import HOME_PROVINCE


class NodeChoices:
    """The nodes of one chain, or of all, in groups that follow the tree."""

    def __init__(self, chain: str) -> None:
        self.chain = chain

    def __call__(self) -> list[tuple[str, Any]]:
        return [("", "---------"), *node_groups(self.chain)]


def node_groups(chain: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Product nodes by segment, for a ``<select>``; of all chains where none is chosen."""
    nodes = ChainNode.objects.select_related("chain", "parent__parent")
    if chain:
        nodes = nodes.filter(chain_id=chain)
    groups: dict[str, list[tuple[str, str]]] = {}
    for node in nodes.filter(level=NodeLevel.PRODUCT).order_by("chain__position", "position"):
        above = [node.parent.parent, node.parent] if node.parent and node.parent.parent else [node.parent]
        names = [item.name for item in above if item is not None]
        title = " / ".join(names if chain else [node.chain.name, *names])
        groups.setdefault(title, []).append((str(node.pk), node.name))
    return list(groups.items())


def region_groups() -> list[tuple[str, Any]]:
    """Provinces with their cities, and the counties of the home province, for a ``<select>``."""
    regions = Region.objects.filter(
        Q(level__in=[RegionLevel.PROVINCE, RegionLevel.CITY]) | Q(code__startswith=HOME_PROVINCE)
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    provinces: dict[str, str] = {}
    for code, name, level in regions.order_by("code").values_list("code", "name", "level"):
        if level == RegionLevel.PROVINCE:
            provinces[code] = name
        indent = {RegionLevel.PROVINCE: "", RegionLevel.CITY: "", RegionLevel.COUNTY: "\u3000"}
        groups.setdefault(code[:2], []).append((code, indent[RegionLevel(level)] + name))
    home_first = sorted(groups, key=lambda code: (code != HOME_PROVINCE, code))
    return [("", "---------"), *((provinces.get(code, code), groups[code]) for code in home_first)]


def preferred_regions() -> list[tuple[str, str]]:
    """Provinces, and the cities of the home province, which comes first."""
    regions = Region.objects.filter(
        Q(level=RegionLevel.PROVINCE) | Q(level=RegionLevel.CITY, code__startswith=HOME_PROVINCE)
    )
    found = list(regions.order_by("code").values_list("code", "name"))
    return sorted(found, key=lambda item: (not item[0].startswith(HOME_PROVINCE), item[0]))


def city_choices() -> list[tuple[str, Any]]:
    """Cities of the home province."""
    cities = Region.objects.filter(level=RegionLevel.CITY, code__startswith=HOME_PROVINCE).order_by("code")
    return [("", _lazy("All cities")), *cities.values_list("code", "name")]
