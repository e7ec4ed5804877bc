"""The words that workbooks offer in drop-downs and that readers understand."""

from __future__ import annotations

from matching.chains.models import Chain, ChainNode, Region
from matching.chains.queries import usual_units
from matching.sheets.types import ChainWord, NodeWord, RegionWord, Vocabulary

COMMON_UNITS = (
    *(
        "吨",
        "千克",
        "克",
        "件",
        "个",
        "只",
        "台",
        "套",
        "片",
        "根",
        "支",
        "块",
        "张",
        "卷",
        "桶",
        "箱",
        "瓶",
        "盒",
    ),
    *("组", "对", "副", "辆", "列", "架", "批", "米", "千米", "平方米", "立方米", "升"),
    *("千瓦", "兆瓦", "吉瓦", "千瓦时", "兆瓦时", "吉瓦时", "人", "项"),
)
"""Units that lists often count in, beside those of the chains' own products."""


def vocabulary() -> Vocabulary:
    """Chains with their nodes, regions and units as they are now.

    Reads all of them, in 30 ms with the shipped reference data; a workbook needs it once.
    """
    return Vocabulary(
        chains=_chains(),
        regions=_regions(),
        units=tuple(dict.fromkeys([*usual_units(), *COMMON_UNITS])),
    )


def _chains() -> tuple[ChainWord, ...]:
    nodes: dict[str, list[NodeWord]] = {}
    paths: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    rows = ChainNode.objects.order_by("chain_id", "position", "pk").values_list(
        "pk", "parent_id", "chain_id", "code", "name_zh", "name_en"
    )
    for pk, parent, chain, code, zh, en in rows:
        above = paths.get(parent, ((), ())) if parent else ((), ())
        paths[pk] = ((*above[0], zh), (*above[1], en or zh))
        nodes.setdefault(chain, []).append(NodeWord(code, *paths[pk]))
    return tuple(
        ChainWord(chain.code, chain.name_zh, tuple(nodes.get(chain.code, ())), chain.name_en)
        for chain in Chain.objects.all()
    )


def _regions() -> tuple[RegionWord, ...]:
    names: dict[str, tuple[str, ...]] = {}
    for code, name, parent in Region.objects.order_by("code").values_list("code", "name", "parent_id"):
        names[code] = (*names.get(parent or "", ()), name)
    return tuple(RegionWord(code, path) for code, path in names.items())
