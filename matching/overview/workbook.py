"""A chart's table, or rows, as a workbook that opens in Excel, WPS and LibreOffice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from xlsxwriter import Workbook

from matching.overview.charts import Chart

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Nothing that a firm wrote becomes a formula or a link.
PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def answer(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download with one sheet; numbers stay numbers, everything else is text."""
    out = BytesIO()
    with Workbook(out, PLAIN) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bg_color": "#E8F0F8", "border": 1})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head), 18)
        for place, text in enumerate(head):
            sheet.write_string(0, place, str(text), bold)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, place, value)
                else:
                    sheet.write_string(number, place, str(value))
    response = HttpResponse(out.getvalue(), content_type=TYPE)
    disposition = content_disposition_header(as_attachment=True, filename=f"{slugify(name, True)}.xlsx")
    response["Content-Disposition"] = disposition
    return response


def of_chart(chart: Chart) -> HttpResponse:
    """The table behind a chart."""
    head = [chart.first, *(column.label for column in chart.columns)]
    rows = (
        [row.label, *(cell.text if cell.value is None else float(cell.value) for cell in row.cells)]
        for row in chart.rows
    )
    return answer(str(chart.title), head, rows)
