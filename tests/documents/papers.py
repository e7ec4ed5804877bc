"""Papers that tests write, and what other programs say of them."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from matching.documents.paper import Heading, Headings, Imprint, Paper, Table, Text, columns, row

HOSTILE = "#panic() $x$ *星* <b>不</b> =1+1 @名 \\u{4e00} [括] “引”"


def notice(language: str = "zh") -> Paper:
    """A notice with everything that a paper can have."""
    heading = Headings(language)
    return Paper(
        title="关于召开光伏产业链配套协作签约会的通知",
        issuer="示例省光伏产业链链长办公室",
        number="示光链办〔2026〕12号",
        addressee="各有关企业",
        blocks=(
            heading("会议时间"),
            Text("2026年12月8日9:00—12:00。"),
            heading("有关要求"),
            Heading("（一）按时参会。", 2),
            Text(HOSTILE),
            *(Text("请各单位高度重视，认真做好参会准备，按时到会。" * 4) for _ in range(6)),
        ),
        annexes=("会议议程", "参会名单"),
        signed="示例省光伏产业链链长办公室",
        dated="2026年11月22日",
        note="联系人：李某",
        imprint=Imprint("示例省光伏产业链链长办公室", "2026年11月22日印发", "省工业和信息化厅"),
        language=language,
    )


def table(rows: int) -> Paper:
    """An annex that is one table."""
    head = columns(("序号", 1, "center"), ("需求方", 4), ("供应方", 4), ("签字", 3))
    told = tuple(row(number, f"甲方{number}", f"乙方{number}", None) for number in range(1, rows + 1))
    return Paper(title="签约一览表", annex="附件3", blocks=(Table(head, told, tall=True),))


def said(content: bytes) -> str:
    """The text of a .pdf without its spaces and line ends."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def by_office_program(papers: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """The .pdf that LibreOffice makes of each .docx; skips the test where it is not there."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no soffice on this machine")
    sources = [folder / f"{name}.docx" for name in papers]
    for source in sources:
        source.write_bytes(papers[source.stem])
    home = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        program,
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        *map(str, sources),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    if not all(source.with_suffix(".pdf").exists() for source in sources):
        pytest.skip("this soffice has no word processor")
    return {source.stem: source.with_suffix(".pdf").read_bytes() for source in sources}
