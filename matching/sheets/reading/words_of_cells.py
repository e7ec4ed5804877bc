"""Messages about rows and cells: code → (message zh, en), (remedy zh, en)."""

from __future__ import annotations

_CHECK = ("请核对。", "Please check.")
_AS_TEXT = (
    "先把单元格格式设为“文本”，再重新输入完整的号码。",
    "Set the format of the cell to “Text” first, then type all digits again.",
)

CELLS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "required": (
        ("“{label}”没有填写。", "“{label}” is empty."),
        ("填写“{label}”。", "Fill in “{label}”."),
    ),
    "duplicate_key": (
        ("条目编号“{key}”与第 {first} 行重复。", "Line number “{key}” is already in row {first}."),
        ("改成不同的编号，或删除其中一行。", "Give it another number or delete one of the rows."),
    ),
    "error_cell": (
        ("单元格是公式错误{text}。", "The cell holds a formula's error{text}."),
        ("改正公式，或直接填写数值。", "Mend the formula, or write the value."),
    ),
    "formula_without_value": (
        ("公式没有计算结果。", "The formula has no result."),
        (
            "用 Excel 或 WPS 打开并保存一次，或直接填写数值。",
            "Open and save it once in Excel or WPS, or write the value.",
        ),
    ),
    "too_long": (
        ("内容有 {length} 个字，上限 {limit} 个。", "It has {length} characters; the limit is {limit}."),
        ("缩短内容，或移到“说明”列。", "Shorten it, or move it to the description."),
    ),
    "word_too_long": (
        ("“{word}”超过 {limit} 个字。", "“{word}” has more than {limit} characters."),
        ("缩短它；多项之间用顿号分隔。", "Shorten it; separate several by 、 or a semicolon."),
    ),
    "digits_lost": (
        (
            "号码被存成了数字 {text}，末尾的位数已经丢失。",
            "The number was stored as {text}; its last digits are lost.",
        ),
        _AS_TEXT,
    ),
    "turned_into_date": (
        ("内容被 Excel 变成了日期 {text}。", "Excel turned what was typed into the date {text}."),
        (
            "先把单元格格式设为“文本”，再重新输入。",
            "Set the format of the cell to “Text” first, then type it again.",
        ),
    ),
    "not_a_number": (
        ("“{text}”不是数字。", "“{text}” is no number."),
        ("只填数字，例如 1200 或 3.5。", "Write digits only, such as 1200 or 3.5."),
    ),
    "not_exact": (
        ("“{text}”不是确定的数字。", "“{text}” is no definite number."),
        (
            "填一个确定的数字；补充说明写到“说明”列。",
            "Write one definite number; put what else there is to say into the description.",
        ),
    ),
    "not_whole": (
        ("“{text}”不是整数。", "“{text}” is no whole number."),
        ("填整数。", "Write a whole number."),
    ),
    "rounded": (
        ("“{text}”的小数过多，按 {value} 读取。", "“{text}” has many decimals; it was read as {value}."),
        _CHECK,
    ),
    "out_of_range": (
        ("{text} 超出允许的范围（{range}）。", "{text} is out of range ({range})."),
        ("填范围内的数字。", "Write a number within it."),
    ),
    "unit_taken": (
        ("“{text}”里的单位按“{unit}”读取。", "The unit in “{text}” was read as “{unit}”."),
        _CHECK,
    ),
    "unit_conflict": (
        (
            "“{text}”里的单位与单位列“{unit}”不一致。",
            "The unit in “{text}” is not that of the unit column, “{unit}”.",
        ),
        ("数字列只填数字，单位写到单位列。", "Write only the number here, and the unit in its own column."),
    ),
    "unit_unexpected": (
        ("“{text}”里的“{unit}”无法识别。", "“{unit}” in “{text}” is not understood."),
        ("只填数字。", "Write only the number."),
    ),
    "unit_header": (
        (
            "列名里的单位“{unit}”与单位列“{written}”不一致。",
            "The header says “{unit}”, the unit column “{written}”.",
        ),
        ("统一成同一个单位。", "Make them the same."),
    ),
    "rate_conflict": (
        (
            "“{text}”是每{rate}的数量，这一列要填每{wanted}的。",
            "“{text}” is for another period than this column's ({wanted}).",
        ),
        ("换算成每{wanted}的数量。", "Convert it to the column's period."),
    ),
    "not_a_date": (
        ("“{text}”不是日期。", "“{text}” is no date."),
        ("写成 2026-11-22 的形式。", "Write it as 2026-11-22."),
    ),
    "ambiguous_date": (
        ("日期“{text}”有两种读法：{readings}。", "The date “{text}” can be read in two ways: {readings}."),
        ("写成 2026-11-22 的形式。", "Write it as 2026-11-22."),
    ),
    "date_without_year": (
        ("日期“{text}”没有写年份。", "The date “{text}” has no year."),
        ("写成 2026-11-22 的形式。", "Write it as 2026-11-22."),
    ),
    "date_completed": (
        ("“{text}”没有写到日，按 {value} 读取。", "“{text}” names no day; it was read as {value}."),
        _CHECK,
    ),
    "not_a_flag": (
        ("“{text}”看不出是或否。", "“{text}” is neither yes nor no."),
        ("填“是”或“否”。", "Write yes or no."),
    ),
    "not_a_choice": (
        ("“{text}”不在可选范围内。", "“{text}” is none of the choices."),
        ("从以下选择：{choices}。", "Choose one of: {choices}."),
    ),
    "unknown_chain": (
        ("没有名为“{text}”的产业链。", "There is no chain “{text}”."),
        ("从以下选择：{choices}。", "Choose one of: {choices}."),
    ),
    "unknown_node": (
        ("产业链“{chain}”没有环节“{text}”。", "The chain “{chain}” has no node “{text}”."),
        (
            "从模板的下拉列表中选择{near}；没有合适的可留空。",
            "Choose from the template's list{near}; leave it empty where none fits.",
        ),
    ),
    "ambiguous_node": (
        ("环节“{text}”不止一个：{candidates}。", "Several nodes are called “{text}”: {candidates}."),
        ("写出完整的路径。", "Write the whole path."),
    ),
    "unknown_region": (
        ("没有名为“{text}”的行政区划。", "There is no division “{text}”."),
        ("写全称，如“山西省太原市”{near}。", "Write the full name, such as 山西省太原市{near}."),
    ),
    "ambiguous_region": (
        ("“{text}”不止一个：{candidates}。", "There are several “{text}”: {candidates}."),
        ("写上省、市的名称。", "Write the province and the city as well."),
    ),
    "kept_as_text": (
        (
            "“{text}”没有全部读成技术指标，已并入“{label}”。",
            "“{text}” was not wholly read as technical values; it was put into “{label}”.",
        ),
        ("要参与匹配，请写成“厚度 = 3 mm”的形式。", "To be compared it has to read like “厚度 = 3 mm”."),
    ),
    "not_specified": (
        ("“{text}”没有全部读成技术指标。", "“{text}” was not wholly understood as technical values."),
        (
            "写成“厚度 = 3 mm”的形式，或移到“说明”列。",
            "Write it like “厚度 = 3 mm”, or move it to the description.",
        ),
    ),
}
