"""A file as sheets of cells, whatever its kind."""

from __future__ import annotations

from matching.kinds.declaration import Label
from matching.sheets.reading import biff, ooxml, opendocument
from matching.sheets.reading.bounds import check_count, check_shape
from matching.sheets.reading.delimited import read_delimited
from matching.sheets.reading.grid import Book, Grid, Shape
from matching.sheets.reading.kinds import FileKind, file_kind
from matching.sheets.reading.limits import Limits
from matching.sheets.reading.package import Package
from matching.sheets.reading.taking_apart import take_apart
from matching.sheets.reading.wording import refused


def open_book(data: bytes, name: str, limits: Limits) -> Book:
    """The sheets of a file. Raises ``SheetRefused`` for what is none, too large or hostile."""
    if len(data) > limits.bytes:
        raise refused("too_large", size=_megabytes(len(data)), limit=_megabytes(limits.bytes))
    kind = file_kind(data, name)
    if kind is FileKind.TEXT:
        return read_delimited(data, limits)
    shapes = biff.shapes(data, limits) if kind is FileKind.XLS else _zipped(data, limits)
    for shape in shapes:
        check_shape(shape, limits)
    check_count(shapes, limits)
    return _filled(data, shapes, limits)


def _zipped(data: bytes, limits: Limits) -> list[Shape]:
    package = Package(data, limits)
    if ooxml.WORKBOOK in package.names:
        return ooxml.shapes(package, limits)
    if opendocument.CONTENT in package.names and "mimetype" in package.names:
        if b"spreadsheet" not in package.read("mimetype"):
            raise refused("not_a_workbook", found=Label("OpenDocument 文档", "an OpenDocument text"))
        return opendocument.shapes(package, limits)
    raise refused("not_a_workbook", found=_contents(package.names))


def _contents(names: set[str]) -> Label:
    if "xl/workbook.bin" in names:
        return Label("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")
    if "word/document.xml" in names:
        return Label("Word 文档", "a Word document")
    if "ppt/presentation.xml" in names:
        return Label("PowerPoint 演示文稿", "a PowerPoint presentation")
    if any(name.lower().endswith((".xlsx", ".xls", ".csv", ".ods", ".et")) for name in names):
        return Label(
            "压缩包；请先解压，再上传里面的表格", "an archive; unpack it and upload the spreadsheet in it"
        )
    return Label("压缩包", "an archive")


def _filled(data: bytes, shapes: list[Shape], limits: Limits) -> Book:
    wanted = [shape for shape in shapes if shape.cells]
    if not wanted:
        return Book(tuple(Grid(shape, ()) for shape in shapes))
    sheets = take_apart(data, [shape.name for shape in wanted], limits)
    grids = []
    for shape in shapes:
        merges, rows = sheets.get(shape.name, ([], []))
        shape.merges = shape.merges or merges
        grids.append(Grid(shape, rows))
    return Book(tuple(grids))


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}".removesuffix(".0")
