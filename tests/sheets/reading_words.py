"""Columns and a vocabulary for tests of reading."""

from __future__ import annotations

from matching import kinds
from matching.sheets.columns import columns
from matching.sheets.types import ChainWord, NodeWord, RegionWord, Vocabulary

VOCABULARY = Vocabulary(
    chains=(
        ChainWord(
            "pv",
            "光伏产业链",
            (
                NodeWord("pv-u", ("上游",), ("Upstream",)),
                NodeWord("pv-u1", ("上游", "硅料"), ("Upstream", "Silicon")),
                NodeWord("pv-u2", ("上游", "辅材"), ("Upstream", "Auxiliaries")),
                NodeWord("pv-d", ("下游",), ("Downstream",)),
                NodeWord("pv-d1", ("下游", "组件"), ("Downstream", "Modules")),
                NodeWord("pv-d2", ("下游", "辅材"), ("Downstream", "Auxiliaries")),
            ),
            english="Photovoltaics",
        ),
        ChainWord(
            "rail",
            "先进轨道交通产业链",
            (
                NodeWord("rail-m", ("中游",), ("Midstream",)),
                NodeWord("rail-m1", ("中游", "车体型材"), ("Midstream", "Body profiles")),
                NodeWord("rail-m2", ("中游", "辅材"), ("Midstream", "Auxiliaries")),
            ),
            english="Rail",
        ),
    ),
    regions=tuple(
        RegionWord(code, tuple(path.split("/")))
        for code, path in (
            ("110000", "北京市"),
            ("110105", "北京市/朝阳区"),
            ("130000", "河北省"),
            ("130100", "河北省/石家庄市"),
            ("140000", "山西省"),
            ("140100", "山西省/太原市"),
            ("140105", "山西省/太原市/小店区"),
            ("140121", "山西省/太原市/清徐县"),
            ("150000", "内蒙古自治区"),
            ("150100", "内蒙古自治区/呼和浩特市"),
            ("211300", "辽宁省/朝阳市"),
            ("220000", "吉林省"),
            ("220104", "吉林省/长春市/朝阳区"),
            ("220200", "吉林省/吉林市"),
        )
    ),
    units=("吨", "件", "套", "米"),
)
NEED = columns(kinds.get("product"), "need")
OFFER = columns(kinds.get("product"), "offer")
