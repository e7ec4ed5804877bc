"""Columns of demand lists."""

from __future__ import annotations

from matching.kinds.declaration import Label
from matching.sheets.shared.pieces import DAY, SEVERAL, YUAN, by_name, region
from matching.sheets.types import CellType, Choice, Column

NEED = by_name(
    (
        Column(
            "drawing_no",
            Label("图号", "Drawing no."),
            CellType.DIGITS,
            aliases=("图纸编号", "图纸号", "零件图号", "规格型号", "Drawing number"),
            max_length=60,
        ),
        Column(
            "requirements",
            Label("技术指标", "Requirements"),
            CellType.REQUIREMENTS,
            aliases=(
                *("技术要求", "指标要求", "技术参数", "性能要求", "参数要求", "主要技术参数", "主要技术指标"),
                *("主要技术要求", "Technical requirements"),
            ),
            note=Label(
                "每行一项，或用分号分隔；希望而非必须的写“(可选)”。例如：抗拉强度 ≥ 690 MPa；直径 10~20 mm。",
                "One a line, or parted by semicolons; what is wished and not a must ends in (可选). "
                "For example: 抗拉强度 ≥ 690 MPa; 直径 10~20 mm.",
            ),
            example="抗拉强度 ≥ 310 MPa\n厚度 3~6 mm\n材质 = 6082-T6 (可选)",
            width=36,
        ),
        Column(
            "quantity",
            Label("需求数量", "Quantity"),
            CellType.NUMBER,
            aliases=("数量", "需求量", "采购量", "采购数量", "年需求量", "月需求量", "用量", "Demand"),
            example="120",
            least=0,
            width=12,
        ),
        Column(
            "period",
            Label("需求周期", "Period"),
            CellType.CHOICE,
            aliases=("周期", "采购周期", "数量周期", "采购频次"),
            note=Label("数量按什么周期计算。", "What the quantity is counted for."),
            example="每月",
            choices=(
                Choice("once", Label("一次性", "once"), ("单次", "一次", "一批", "批次", "one-off")),
                Choice(
                    "month", Label("每月", "a month"), ("月", "按月", "/月", "month", "monthly", "per month")
                ),
                Choice(
                    "quarter",
                    Label("每季度", "a quarter"),
                    ("季", "季度", "每季", "按季", "/季", "quarter", "quarterly", "per quarter"),
                ),
                Choice(
                    "year",
                    Label("每年", "a year"),
                    ("年", "年度", "按年", "/年", "year", "yearly", "per year"),
                ),
            ),
            width=11,
        ),
        Column(
            "deliver_from",
            Label("交付开始", "Delivery from"),
            CellType.DATE,
            aliases=("交付开始日期", "开始交付时间", "起始交期", "供货开始时间"),
            note=DAY,
            width=13,
        ),
        Column(
            "deliver_until",
            Label("交付截止", "Delivery until"),
            CellType.DATE,
            aliases=("交付截止日期", "交货日期", "交货期限", "要求交期", "交付时间", "供货截止时间", "Due"),
            note=DAY,
            width=13,
        ),
        region("delivery_region", "交付地区", "Delivery region", aliases=("交货地区", "收货地区", "交付地")),
        Column(
            "delivery_place",
            Label("交付地点", "Delivery place"),
            aliases=("交货地点", "收货地址", "交付地址", "交货地址"),
            example="龙城大街1号3号库",
            max_length=200,
            width=24,
        ),
        Column(
            "price_ceiling",
            Label("最高限价", "Price ceiling"),
            CellType.NUMBER,
            aliases=("限价", "最高单价", "目标价", "采购限价", "最高限价(元)", "最高限价（元）", "单价上限"),
            note=YUAN,
            least=0,
            width=12,
        ),
        Column(
            "certificates",
            Label("要求的证书", "Required certificates"),
            CellType.WORDS,
            aliases=("资质要求", "认证要求", "证书要求", "所需资质", "资质证书", "所需证书"),
            note=SEVERAL,
            example="ISO 9001、IRIS",
            max_length=80,
            width=20,
        ),
        Column(
            "regions",
            Label("优先地区", "Preferred regions"),
            CellType.REGIONS,
            aliases=("供方地区", "优先区域", "供应商地区", "地区偏好"),
            note=Label(
                "省、市或县的名称，多个之间用顿号分隔，如：山西省、河北省石家庄市。",
                "Names of provinces, cities or counties, separated by 、.",
            ),
            example="山西省、河北省石家庄市",
            width=22,
        ),
        Column(
            "region_required",
            Label("仅限这些地区", "Only from these regions"),
            CellType.FLAG,
            aliases=("仅限优先地区", "地区限定"),
            example="否",
            width=12,
        ),
        Column(
            "max_suppliers",
            Label("供方数量上限", "At most this many suppliers"),
            CellType.INTEGER,
            aliases=("供应商数量上限", "最多供方数"),
            least=1,
            most=32767,
            width=12,
        ),
        Column(
            "priority",
            Label("优先级", "Priority"),
            CellType.INTEGER,
            aliases=("紧急程度", "重要程度"),
            note=Label("0 到 9，数字越大越优先。", "0 to 9; the higher is served first."),
            least=0,
            most=9,
            width=9,
        ),
        Column(
            "present_source",
            Label("现有来源", "Present source"),
            aliases=("现有供应商", "目前来源", "现供应商", "现用品牌", "目前供应商", "Present supplier"),
            max_length=200,
            width=18,
        ),
        Column(
            "import_substitution",
            Label("国产替代", "Import substitution"),
            CellType.FLAG,
            aliases=("是否国产替代", "进口替代", "国产化替代", "是否进口替代"),
            example="是",
            width=10,
        ),
        Column(
            "stage",
            Label("阶段", "Stage"),
            CellType.CHOICE,
            aliases=("需求阶段", "产品阶段", "研发阶段", "所处阶段"),
            example="量产",
            choices=(
                Choice("research", Label("研发", "research and development"), ("研制", "R&D", "research")),
                Choice("trial", Label("试制", "trial production"), ("小试", "中试", "试产", "trial")),
                Choice("series", Label("量产", "series production"), ("批产", "批量", "批量生产", "series")),
            ),
            width=10,
        ),
        Column(
            "sample_required",
            Label("需要样品", "Sample required"),
            CellType.FLAG,
            aliases=("是否需要样品", "样品要求", "是否送样", "是否打样"),
            example="否",
            width=10,
        ),
        Column(
            "quality_clauses",
            Label("质量条款", "Quality clauses"),
            CellType.LONG_TEXT,
            aliases=("质量要求", "验收标准", "质量约定"),
            max_length=4000,
            width=24,
        ),
        Column(
            "confidential",
            Label("保密", "Confidential"),
            CellType.FLAG,
            aliases=("是否保密", "保密要求"),
            note=Label(
                "填“是”则在公开企业名称之前，不向对方展示需求内容。",
                "Yes: the other side reads nothing of it until your firm is named.",
            ),
            example="否",
            width=9,
        ),
        Column(
            "responsible_department",
            Label("责任部门", "Responsible department"),
            aliases=("主责部门", "需求部门", "采购部门", "Department"),
            max_length=120,
            width=14,
        ),
    )
)
