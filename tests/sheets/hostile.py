"""Files that mean harm, or are no workbooks at all, each with the codes by which they may be refused."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.sheets.awkward.making import (
    HEADER,
    LINE,
    File,
    csv,
    ods,
    ods_row,
    raw_parts,
    raw_row,
    raw_xlsx,
    xls,
    xlsx,
    zipped,
)

READ = ""
"""The file is read: what is hostile in it does nothing."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Hostile:
    """A file and what comes of it: the code of the refusal, or ``READ``."""

    about: str
    make: Callable[[], File]
    code: str


def _parts(**further: str) -> dict[str, str | bytes]:
    rows = raw_row(1, HEADER) + raw_row(2, LINE)
    return raw_parts(f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>', **further)


def _sheet(content: str) -> File:
    return "list.xlsx", zipped(raw_parts(content))


def _lines(*cells: str) -> str:
    return raw_row(1, HEADER) + raw_row(2, LINE) + "".join(cells)


def _far(address: str, row: int) -> File:
    return raw_xlsx(_lines(f'<row r="{row}"><c r="{address}"><v>1</v></c></row>'))


def _entities() -> File:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return _sheet(f'{bomb}<worksheet xmlns="{_MAIN}"><sheetData>{_lines()}</sheetData></worksheet>')


def _strings(count: str, text: str, times: int) -> File:
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(3, times + 3))
    parts = _parts(strings=f'<sst xmlns="{_MAIN}" {count}><si><t>{text}</t></si></sst>')
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{_lines(rows)}</sheetData></worksheet>'
    relation = (
        'Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
    )
    links = str(parts["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>", f'<Relationship {relation} Target="sharedStrings.xml"/></Relationships>'
    )
    return "list.xlsx", zipped(
        parts | {"xl/worksheets/sheet1.xml": sheet, "xl/_rels/workbook.xml.rels": links}
    )


def _sheets(count: int) -> File:
    names = "".join(f'<sheet name="S{at}" sheetId="{at}" r:id="rId1"/>' for at in range(1, count + 1))
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{relation}"><sheets>{names}</sheets></workbook>'
    return "list.xlsx", zipped(_parts(workbook=book))


def _twice() -> File:
    out = io.BytesIO(zipped(_parts()))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("XL/WORKBOOK.XML", "<x/>")
    return "list.xlsx", out.getvalue()


def _lying_size() -> File:
    """The directory says that the sheet is small; it is not."""
    data = bytearray(_bomb()[1])
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", data, at + 24, 100)
        at = data.find(b"PK\x01\x02", at + 1)
    return "list.xlsx", bytes(data)


def _long_values() -> File:
    values = "；".join(f"指标{at}≥{at}MPa，表面无划伤" for at in range(300))
    rows = [raw_row(at, (*LINE, values.replace("指标", f"指标{at}"))) for at in range(2, 300)]
    return raw_xlsx(raw_row(1, (*HEADER, "技术要求")), *rows)


def _good() -> bytes:
    return xlsx([HEADER, LINE])[1]


def _bomb(megabytes: int = 300) -> File:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in _parts().items():
            if name != "xl/worksheets/sheet1.xml":
                package.writestr(name, content)
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for _ in range(megabytes):
                part.write(b" " * 2**20)
            part.write(b"</sheetData></worksheet>")
    return "list.xlsx", out.getvalue()


def _encrypted_entries() -> File:
    data = bytearray(zipped(_parts()))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 1)
    return "list.xlsx", bytes(data)


def _circular_xls() -> File:
    """A compound document whose sectors follow each other for ever."""
    data = bytearray(xls([HEADER, LINE])[1])
    (fat,) = struct.unpack_from("<I", data, 76)
    start = (fat + 1) * 512
    for at in range(0, 512, 4):
        struct.pack_into("<I", data, start + at, 0)
    return "list.xls", bytes(data)


def _compound(name: str) -> File:
    """An .xls whose stream is called otherwise."""
    data = xls([HEADER, LINE])[1]
    old, new = "Workbook".encode("utf-16-le"), name.encode("utf-16-le")
    found = data.find(old)
    length = struct.pack("<H", len(new) + 2)
    entry = new.ljust(64, b"\0") + length
    return "list.xls", data[:found] + entry + data[found + 66 :]


def _password_xls() -> File:
    """A record that says the rest is encrypted, put where the interface settings were."""
    data = bytearray(xls([HEADER, LINE])[1])
    at = data.find(struct.pack("<HH", 0x00E1, 2))
    struct.pack_into("<H", data, at, 0x002F)
    return "list.xls", bytes(data)


_NESTED = "<x>" * 200_000
_REPEATED = (
    '<table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" office:value="1"/>'
)
_HTML = "<html><table><tr><td>产品名称</td></tr></table></html>"
_MHT = "MIME-Version: 1.0\nContent-Type: multipart/related"
_XML_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)
_MERGES = "".join('<mergeCell ref="A3:A40000"/>' for _ in range(3_000))

CASES = (
    Hostile("technical values without end", _long_values, "too_much"),
    Hostile("nothing", lambda: ("a.xlsx", b""), "empty_file"),
    Hostile("blanks", lambda: ("a.csv", b" \r\n\x00 "), "empty_file"),
    Hostile("a zip bomb", _bomb, "expands"),
    Hostile("a zip bomb below the limit", lambda: _bomb(150), "expands"),
    Hostile("a zip whose directory lies", _lying_size, "damaged"),
    Hostile("too large a file", lambda: ("a.xlsx", b"PK\x03\x04" + bytes(31 * 2**20)), "too_large"),
    Hostile(
        "thousands of parts", lambda: ("a.xlsx", zipped({f"p{at}": "" for at in range(2_100)})), "too_much"
    ),
    Hostile("two parts of one name", _twice, "damaged"),
    Hostile("encrypted parts", _encrypted_entries, "encrypted"),
    Hostile("half a zip", lambda: ("a.xlsx", _good()[: len(_good()) // 2]), "damaged"),
    Hostile("a zip's first bytes", lambda: ("a.xlsx", b"PK\x03\x04"), "damaged"),
    Hostile("an archive of something else", lambda: ("a.zip", zipped({"readme.txt": "x"})), "not_a_workbook"),
    Hostile(
        "an archive with a workbook in it", lambda: ("a.zip", zipped({"a.xlsx": _good()})), "not_a_workbook"
    ),
    Hostile("a Word document", lambda: ("a.xlsx", zipped({"word/document.xml": "<w/>"})), "not_a_workbook"),
    Hostile("a binary workbook", lambda: ("a.xlsb", zipped({"xl/workbook.bin": "x"})), "not_a_workbook"),
    Hostile("the farthest cell", lambda: _far("XFD1048576", 1_048_576), "far_cell"),
    Hostile("a far row", lambda: _far("A1048576", 1_048_576), "far_cell"),
    Hostile("a far column", lambda: _far("XFD3", 3), "far_cell"),
    Hostile("a cell in no column", lambda: _far("ZZZZZZ3", 3), "damaged"),
    Hostile(
        "a cell whose row is another",
        lambda: raw_xlsx(_lines('<row r="3"><c r="A900000"><v>1</v></c></row>')),
        "far_cell",
    ),
    Hostile(
        "a cell of nonsense", lambda: raw_xlsx(_lines('<row r="3"><c r="!!"><v>1</v></c></row>')), "damaged"
    ),
    Hostile("a lying extent", lambda: raw_xlsx(_lines(), before='<dimension ref="A1:XFD1048576"/>'), READ),
    Hostile("entities", _entities, "active_content"),
    Hostile(
        "an external entity",
        lambda: _sheet('<!DOCTYPE w SYSTEM "file:///etc/passwd"><w/>'),
        "active_content",
    ),
    Hostile("broken XML", lambda: _sheet(f'<worksheet xmlns="{_MAIN}"><sheetData><row>'), "damaged"),
    Hostile("XML that is nested without end", lambda: _sheet(_NESTED), "damaged"),
    Hostile("hundreds of sheets", lambda: _sheets(500), "too_many_sheets"),
    Hostile("the same sheet many times", lambda: _sheets(50), READ),
    Hostile(
        "many wide merged ranges",
        lambda: raw_xlsx(
            _lines('<row r="40000"><c r="A40000"><v>1</v></c></row>'),
            behind=f"<mergeCells>{_MERGES}</mergeCells>",
        ),
        "too_many_merges",
    ),
    Hostile("a very long text in many cells", lambda: _strings("", "长" * 30_000, 40_000), "too_much"),
    Hostile(
        "a lying count of texts",
        lambda: _strings('count="4294967295" uniqueCount="4294967295"', "x", 1),
        "too_much",
    ),
    Hostile("a very long text", lambda: csv(f"产品名称,产业链\n{'长' * 40_000},光伏"), "long_cell"),
    Hostile("a quote that never ends", lambda: csv('产品名称,产业链\n"' + "长,\n" * 100_000), "long_cell"),
    Hostile("a row of very many columns", lambda: csv("产品名称,产业链\n" + "," * 5_000), "too_much"),
    Hostile("too many rows", lambda: csv("产品名称,产业链\n" + "型材,光伏\n" * 60_000), "too_many_rows"),
    Hostile("text with NULs", lambda: ("a.csv", "产品名称,产业链\n\0型材,光伏\n".encode()), "not_a_workbook"),
    Hostile(
        "bytes of no encoding", lambda: ("a.csv", b"\xff\xff,\xff\xff\xff\xff\n" * 9), "unknown_encoding"
    ),
    Hostile("noise", lambda: ("a.xls", bytes(range(256)) * 64), "not_a_workbook"),
    Hostile("a web page called .xls", lambda: ("导出.xls", _HTML.encode()), "disguised"),
    Hostile("a web page with a mark", lambda: ("导出.xls", b"\xef\xbb\xbf" + _HTML.encode()), "disguised"),
    Hostile("a web archive called .xls", lambda: ("导出.xls", _MHT.encode()), "disguised"),
    Hostile("XML of 2003 called .xls", lambda: ("导出.xls", _XML_2003.encode()), "disguised"),
    Hostile("a PDF", lambda: ("a.pdf", b"%PDF-1.7 ..."), "not_a_workbook"),
    Hostile("a picture called .xlsx", lambda: ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99)), "not_a_workbook"),
    Hostile("a program", lambda: ("a.xlsx", b"MZ\x90\x00" + bytes(range(256)) * 8), "not_a_workbook"),
    Hostile("half an .xls", lambda: ("a.xls", xls([HEADER, LINE])[1][:2_000]), "damaged"),
    Hostile("an .xls that runs in a circle", _circular_xls, "damaged"),
    Hostile("an .xls with a password", _password_xls, "encrypted"),
    Hostile("an .xlsx with a password", lambda: _compound("EncryptedPackage"), "encrypted"),
    Hostile("a Word document of 1997", lambda: _compound("WordDocument"), "not_a_workbook"),
    Hostile(
        "an .ods that repeats a cell to its end",
        lambda: ods(
            ods_row(HEADER),
            ods_row([_REPEATED.format(columns=16384)], 'table:number-rows-repeated="1048576"'),
        ),
        "too_many_cells",
    ),
    Hostile(
        "an .ods that repeats a cell sideways",
        lambda: ods(ods_row(HEADER), ods_row([_REPEATED.format(columns=1024)])),
        "far_cell",
    ),
    Hostile(
        "an .ods of absurd repetitions", lambda: ods(ods_row([_REPEATED.format(columns="9" * 30)])), "damaged"
    ),
    Hostile(
        "an .ods text document",
        lambda: (
            "a.ods",
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
        ),
        "not_a_workbook",
    ),
    Hostile(
        "an .ods with a password",
        lambda: (
            "a.ods",
            zipped(
                {
                    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                    "META-INF/manifest.xml": "<manifest:encryption-data/>",
                    "content.xml": "?",
                }
            ),
        ),
        "encrypted",
    ),
    Hostile(
        "only a picture in the sheet", lambda: raw_xlsx(behind='<drawing r:id="rId1" xmlns:r="x"/>'), READ
    ),
    Hostile(
        "formulas that call programs",
        lambda: raw_xlsx(
            raw_row(1, HEADER), raw_row(2, ("A1", "<c r=\"B2\"><f>cmd|' /C calc'!A0</f></c>", *LINE[2:]))
        ),
        READ,
    ),
)
