"""Columns of every list."""

from __future__ import annotations

from matching.kinds.declaration import Label
from matching.sheets.shared.pieces import SEVERAL, by_name
from matching.sheets.types import CellType, Column

BOTH = by_name(
    (
        Column(
            "key",
            Label("条目编号", "Line no."),
            CellType.DIGITS,
            aliases=("编号", "项目编号", "条目号", "Line number"),
            note=Label(
                "企业自己的编号，同一企业内不重复，以后不要改：再次上传时按编号更新。留空则自动编号。",
                "Your own number, once in your list, and kept: a later upload finds the line by it. "
                "Left empty, a number is given.",
            ),
            max_length=40,
            width=12,
        ),
        Column(
            "chain",
            Label("产业链", "Chain"),
            CellType.CHAIN,
            required=True,
            aliases=("所属产业链", "产业链名称", "重点产业链", "Industrial chain"),
            note=Label("从下拉列表中选择。", "Choose from the list."),
            width=20,
        ),
        Column(
            "node",
            Label("产业链环节", "Chain node"),
            CellType.NODE,
            aliases=("环节", "所属环节", "链条环节", "产业环节", "Node"),
            note=Label(
                "先选产业链，再从下拉列表中选择环节；没有合适的可留空。",
                "Choose the chain first, then a node from the list; leave empty where none fits.",
            ),
            width=22,
        ),
        Column(
            "title",
            Label("名称", "Title"),
            aliases=("标题", "项目名称", "Name"),
            max_length=200,
            width=28,
        ),
        Column(
            "category_code",
            Label("分类编码", "Category code"),
            CellType.DIGITS,
            aliases=("产品编码", "物料编码", "产品代码", "物料代码", "分类代码", "统计代码", "Material no."),
            max_length=40,
        ),
        Column(
            "standards",
            Label("执行标准", "Standards"),
            CellType.WORDS,
            aliases=("标准", "标准号", "技术标准", "产品标准", "Standard"),
            note=SEVERAL,
            example="GB/T 6892-2023",
            max_length=60,
            width=20,
        ),
        Column(
            "description",
            Label("说明", "Description"),
            CellType.LONG_TEXT,
            aliases=("产品描述", "描述", "产品说明", "详细说明", "需求描述", "备注", "Remarks"),
            max_length=4000,
            width=36,
        ),
        Column(
            "unit",
            Label("计量单位", "Unit"),
            CellType.UNIT,
            aliases=("单位", "数量单位", "产能单位", "Unit of measure", "UoM"),
            note=Label("可从下拉列表中选择，也可自行填写。", "Choose from the list or write another."),
            example="吨",
            max_length=20,
            width=10,
        ),
        Column(
            "contact_name",
            Label("联系人", "Contact"),
            aliases=("联系人姓名", "负责人", "Contact name", "Contact person"),
            example="王工",
            max_length=60,
            width=12,
        ),
        Column(
            "contact_phone",
            Label("联系电话", "Contact phone"),
            CellType.DIGITS,
            aliases=("电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话", "Phone", "Telephone"),
            example="13800000000",
            max_length=40,
            width=16,
        ),
        Column(
            "valid_until",
            Label("有效期至", "Valid until"),
            CellType.DATE,
            aliases=("有效期", "截止日期", "有效截止日期", "Expires"),
            note=Label(
                "写成 2026-11-22。留空则为半年。", "Write the day as 2026-11-22. Left empty: half a year."
            ),
            width=13,
        ),
    )
)
