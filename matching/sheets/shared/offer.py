"""Columns of supply lists."""

from __future__ import annotations

from matching.kinds.declaration import Label
from matching.sheets.shared.pieces import SECRET, SEVERAL, YUAN, by_name
from matching.sheets.types import CellType, Choice, Column

OFFER = by_name(
    (
        Column(
            "properties",
            Label("技术指标", "Properties"),
            CellType.PROPERTIES,
            aliases=(
                *("技术参数", "性能参数", "性能指标", "主要技术指标", "主要技术参数", "主要性能指标"),
                *("规格参数", "Specifications"),
            ),
            note=Label(
                "每行一项，或用分号分隔。例如：抗拉强度 ≥ 700 MPa；厚度 2~12 mm。",
                "One a line, or parted by semicolons. For example: 抗拉强度 ≥ 700 MPa; 厚度 2~12 mm.",
            ),
            example="抗拉强度 ≥ 320 MPa\n厚度 2~12 mm\n材质 ∈ {6082-T6, 6005A}",
            width=36,
        ),
        Column(
            "capacity",
            Label("月产能", "Monthly capacity"),
            CellType.NUMBER,
            aliases=("产能", "月生产能力", "生产能力", "月供货能力", "供货能力", "Capacity"),
            note=Label("每月，按计量单位。", "A month, in the unit."),
            example="500",
            least=0,
            width=12,
        ),
        Column(
            "capacity_basis",
            Label("产能口径", "Capacity basis"),
            CellType.CHOICE,
            aliases=("产能类型", "产能性质"),
            example="实际产能",
            choices=(
                Choice("design", Label("设计产能", "design"), ("设计",)),
                Choice("actual", Label("实际产能", "actual"), ("实际",)),
            ),
            width=11,
        ),
        Column(
            "free_capacity",
            Label("富余月产能", "Free monthly capacity"),
            CellType.NUMBER,
            aliases=("富余产能", "剩余产能", "可供产能", "空余产能", "可供数量", "月可供量", "Free capacity"),
            note=SECRET,
            example="180",
            least=0,
            width=12,
        ),
        Column(
            "minimum_order",
            Label("起订量", "Minimum order quantity"),
            CellType.NUMBER,
            aliases=("最小起订量", "最低起订量", "最小订货量", "MOQ"),
            example="5",
            least=0,
            width=11,
        ),
        Column(
            "lead_time",
            Label("交货周期", "Lead time"),
            CellType.INTEGER,
            aliases=("交期", "交货期", "供货周期", "生产周期", "交付周期"),
            example="30",
            least=0,
            most=32767,
            width=10,
        ),
        Column(
            "lead_time_unit",
            Label("交货周期单位", "Lead time unit"),
            CellType.CHOICE,
            aliases=("交期单位", "交货期单位"),
            note=Label("留空则为天。", "Left empty: days."),
            example="天",
            choices=(
                Choice("day", Label("天", "days"), ("日", "自然日", "day", "d")),
                Choice("week", Label("周", "weeks"), ("星期", "week")),
                Choice("month", Label("个月", "months"), ("月", "month")),
            ),
            width=12,
        ),
        Column(
            "price_low",
            Label("最低报价", "Price from"),
            CellType.NUMBER,
            aliases=("最低价", "报价下限", "单价下限", "最低单价", "最低报价(元)", "最低报价（元）"),
            note=YUAN,
            least=0,
            width=12,
        ),
        Column(
            "price_high",
            Label("最高报价", "Price to"),
            CellType.NUMBER,
            aliases=("最高价", "报价上限", "单价上限", "最高单价", "最高报价(元)", "最高报价（元）"),
            note=YUAN,
            least=0,
            width=12,
        ),
        Column(
            "certificates",
            Label("证书", "Certificates"),
            CellType.CERTIFICATES,
            aliases=("资质证书", "认证证书", "资质", "认证", "所获证书", "资质认证"),
            note=Label(
                "每行一项：名称、编号、有效期至，如：IRIS, 编号 IR-2025-118, 有效期至 2028-05-31。",
                "One a line, number and date as in IRIS, 编号 IR-2025-118, 有效期至 2028-05-31.",
            ),
            example="IRIS, 编号 IR-2025-118, 有效期至 2028-05-31",
            width=32,
        ),
        Column(
            "served_leaders",
            Label("已配套的链主企业", "Leader firms served"),
            CellType.WORDS,
            aliases=("配套链主", "已配套企业", "主要客户", "服务过的链主企业"),
            note=SEVERAL,
            max_length=120,
            width=22,
        ),
        Column(
            "export_limits",
            Label("出口限制", "Export limits"),
            aliases=("出口管制", "出口限制说明"),
            max_length=200,
            width=14,
        ),
        Column(
            "first_of_kind",
            Label("首台套/首批次/首版次", "First of its kind"),
            CellType.CHOICE,
            aliases=("首台套", "首台(套)", "三首产品", "是否首台套"),
            choices=(
                Choice("首台套", Label("首台套", "first set of equipment"), ("首台（套）", "首台（套）装备")),
                Choice("首批次", Label("首批次", "first batch of material"), ("首批次新材料",)),
                Choice("首版次", Label("首版次", "first version of software"), ("首版次软件",)),
            ),
            width=14,
        ),
    )
)
