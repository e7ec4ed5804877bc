"""Messages about files, sheets and headers: code → (message zh, en), (remedy zh, en)."""

from __future__ import annotations

Words = dict[str, tuple[tuple[str, str], tuple[str, str]]]

_SAVE = (
    "用 Excel 或 WPS 打开后另存为 .xlsx，再上传。",
    "Open it in Excel or WPS, save it as .xlsx and upload that.",
)
_SHORTER = (
    "删去与清单无关的内容，或把清单分成几个文件上传。",
    "Delete what does not belong to the list, or upload it in several files.",
)
_LOOK = ("请核对。", "Please check.")

FILES: Words = {
    "empty_file": (
        ("文件是空的。", "The file is empty."),
        ("检查是否选错了文件。", "Check that it is the right file."),
    ),
    "not_a_workbook": (
        ("这不是可读取的表格文件，其内容是{found}。", "This is no spreadsheet; it holds {found}."),
        (
            "请上传 .xlsx、.xls、.ods 或 .csv 文件；可下载本清单的模板填写。",
            "Upload .xlsx, .xls, .ods or .csv; there is a template to fill in.",
        ),
    ),
    "disguised": (
        (
            "文件名以 {ending} 结尾，但内容其实是{found}。",
            "The name ends in {ending}, but the content is {found}.",
        ),
        _SAVE,
    ),
    "encrypted": (
        ("文件有密码保护，无法读取。", "The workbook is protected by a password."),
        ("去掉打开密码后另存，再上传。", "Remove the password for opening, save and upload again."),
    ),
    "damaged": (
        ("文件已损坏或不完整，无法读取。", "The file is damaged or incomplete."),
        _SAVE,
    ),
    "active_content": (
        (
            "文件里有不允许的 XML 声明（DTD 或实体）。",
            "The file holds XML declarations that are not allowed (DTD or entities).",
        ),
        _SAVE,
    ),
    "too_large": (
        ("文件有 {size} MB，超过上限 {limit} MB。", "The file has {size} MB; the limit is {limit} MB."),
        _SHORTER,
    ),
    "expands": (
        (
            "文件解压后过大（可能是压缩炸弹），未予读取。",
            "The file unpacks to too much (a zip bomb?) and was not read.",
        ),
        _SAVE,
    ),
    "too_much": (
        ("文件内容过多，超出可处理的范围。", "The file holds more than can be handled."),
        _SHORTER,
    ),
    "too_many_sheets": (
        ("文件有 {count} 个工作表，上限 {limit} 个。", "The file has {count} sheets; the limit is {limit}."),
        _SHORTER,
    ),
    "too_many_rows": (
        (
            "工作表“{name}”有 {count} 行，上限 {limit} 行。",
            "Sheet “{name}” has {count} rows; the limit is {limit}.",
        ),
        _SHORTER,
    ),
    "too_many_cells": (
        ("文件有 {count} 个单元格，上限 {limit} 个。", "The file has {count} cells; the limit is {limit}."),
        _SHORTER,
    ),
    "too_many_merges": (
        (
            "工作表“{name}”有 {count} 处合并单元格，上限 {limit}。",
            "Sheet “{name}” has {count} merged ranges; the limit is {limit}.",
        ),
        ("取消合并后再上传。", "Unmerge the cells and upload again."),
    ),
    "far_cell": (
        (
            "工作表“{name}”的 {address} 单元格有内容，离表格太远。",
            "Sheet “{name}” has something in {address}, far away from the table.",
        ),
        (
            "删除远处的行和列（整行整列删除）后再上传。",
            "Delete those rows and columns as a whole and upload again.",
        ),
    ),
    "long_cell": (
        (
            "工作表“{name}”有单元格超过 {limit} 个字。",
            "Sheet “{name}” has a cell of more than {limit} characters.",
        ),
        ("缩短该单元格的内容。", "Shorten it."),
    ),
    "unknown_encoding": (
        ("无法识别文本文件的编码。", "The encoding of the text file is not known."),
        ("另存为 UTF-8 编码的 CSV，或存为 .xlsx。", "Save it as CSV in UTF-8, or as .xlsx."),
    ),
    "no_header": (
        ("没有找到表头行。", "No header row was found."),
        (
            "表头至少要有“{wanted}”等列名；可下载模板对照。",
            "The header needs names of columns such as “{wanted}”; compare with the template.",
        ),
    ),
    "missing_column": (
        ("缺少必需的列“{label}”。", "The column “{label}” is missing."),
        ("在表头中加上“{label}”列。", "Add a column “{label}”."),
    ),
    "sheet_skipped": (
        (
            "工作表“{name}”没有可识别的表头，未读取。",
            "Sheet “{name}” has no header that is known; it was not read.",
        ),
        (
            "如果里面有清单，请加上表头；否则不用处理。",
            "If it holds lines, give it a header; else nothing is to be done.",
        ),
    ),
    "sheet_hidden": (
        ("工作表“{name}”是隐藏的，已一并读取。", "Sheet “{name}” is hidden; it was read as well."),
        ("不需要的话删除该工作表。", "Delete it if it is not wanted."),
    ),
    "sheet_without_lines": (
        ("工作表“{name}”只有表头，没有数据行。", "Sheet “{name}” has a header and no lines."),
        ("在表头下面填写。", "Write lines below the header."),
    ),
    "rows_hidden": (
        (
            "工作表“{name}”有 {count} 个隐藏行（{rows}），已一并读取。",
            "Sheet “{name}” has {count} hidden rows ({rows}); they were read as well.",
        ),
        ("不需要的话删除这些行。", "Delete them if they are not wanted."),
    ),
    "columns_hidden": (
        (
            "工作表“{name}”的隐藏列（{columns}）已一并读取。",
            "Hidden columns ({columns}) of sheet “{name}” were read as well.",
        ),
        ("不需要的话删除这些列。", "Delete them if they are not wanted."),
    ),
    "unknown_column": (
        ("列“{header}”不认识，未读取。", "The column “{header}” is not known; it was not read."),
        (
            "不需要处理；若本应导入，请改用模板中的列名。",
            "Nothing is to be done, unless it was meant: then use a name from the template.",
        ),
    ),
    "unknown_column_near": (
        (
            "列“{header}”不认识，未读取；最接近的是“{near}”。",
            "The column “{header}” is not known; it was not read. The nearest one is “{near}”.",
        ),
        ("如果就是“{near}”，请把列名改成它。", "If “{near}” is meant, rename it."),
    ),
    "repeated_column": (
        (
            "列“{header}”与列“{first}”意思相同，只读取了后者。",
            "The column “{header}” means the same as “{first}”; only the latter was read.",
        ),
        ("只保留一列，或改掉另一列的列名。", "Keep one of them, or rename the other."),
    ),
    "ignored_column": (
        (
            "列“{header}”未读取：上传的清单属于本企业。",
            "The column “{header}” was not read: the list belongs to your own firm.",
        ),
        ("不需要处理。", "Nothing is to be done."),
    ),
    "serial_column": (
        (
            "列“{header}”是行次，不作条目编号：已有的条目按内容认出，新条目自动编号。",
            "The column “{header}” counts rows and is no line number: lines that you have are found by what "
            "they say, new ones are given a number.",
        ),
        (
            "不需要处理；要用自己的编号，请用“条目编号”一列。",
            "Nothing is to be done; for numbers of your own use a column “Line no.”.",
        ),
    ),
    "example_skipped": (
        ("模板的示例行未读取。", "The template's example row was not read."),
        ("不需要处理。", "Nothing is to be done."),
    ),
    "total_skipped": (
        ("“{text}”行未读取：看起来是合计。", "The row “{text}” was not read: it looks like a total."),
        ("如果它是清单条目，请改掉“{text}”二字。", "If it is a line of the list, take “{text}” away."),
    ),
    "note_skipped": (
        ("说明行未读取：“{text}”。", "A remark was not read: “{text}”."),
        ("不需要处理。", "Nothing is to be done."),
    ),
    "header_repeated": (
        ("重复的表头行未读取。", "A header row that is repeated was not read."),
        ("不需要处理。", "Nothing is to be done."),
    ),
    "merge_filled": (
        (
            "合并单元格 {area} 的数值“{text}”按每行都是它读取。",
            "The merged cells {area} were read as “{text}” in every row.",
        ),
        (
            "如果它是几行的合计，请取消合并，逐行填写。",
            "If it is the sum of these rows, unmerge and write each row's own.",
        ),
    ),
    "read_as_csv": (
        (
            "文件按文本表格读取（编码 {encoding}，分隔符{delimiter}）。",
            "The file was read as text ({encoding}, parted by {delimiter}).",
        ),
        _LOOK,
    ),
}
