"""A small vocabulary, and LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from matching.sheets.types import ChainWord, NodeWord, RegionWord, Vocabulary

WORDS = Vocabulary(
    chains=(
        ChainWord(
            "rail",
            "先进轨道交通",
            (
                NodeWord("up", ("上游",), ("Upstream",)),
                NodeWord("profile", ("上游", "车体型材"), ("Upstream", "Body profiles")),
                NodeWord("up-other", ("上游", "其他"), ("Upstream", "Other")),
                NodeWord("down", ("下游",), ("Downstream",)),
                NodeWord("down-other", ("下游", "其他"), ("Downstream", "Other")),
            ),
            "Rail transit",
        ),
        ChainWord("pv", "光伏", (NodeWord("silicon", ("硅料",), ("Silicon",)),), "Photovoltaics"),
    ),
    regions=(
        RegionWord("11", ("北京市",)),
        RegionWord("110101", ("北京市", "东城区")),
        RegionWord("14", ("山西省",)),
        RegionWord("1401", ("山西省", "太原市")),
        RegionWord("140105", ("山西省", "太原市", "小店区")),
        RegionWord("140106", ("山西省", "太原市", "迎泽区")),
        RegionWord("1402", ("山西省", "大同市")),
        RegionWord("140212", ("山西省", "大同市", "新荣区")),
    ),
    units=("吨", "件", "台"),
)

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


def by_libreoffice(workbook: Path, folder: Path) -> Path:
    """The workbook as LibreOffice opens, computes and saves it."""
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    convert = ["--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(workbook)]
    subprocess.run([str(SOFFICE), profile, *convert], check=True, capture_output=True, timeout=180)
    return folder / workbook.name
