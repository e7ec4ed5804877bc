"""Bodies as they are really sent."""

from collections.abc import Mapping

from drf_spectacular.utils import OpenApiExample

DEMAND = {
    "key": "D0001",
    "chain": "rail-transit",
    "title": "高强度车体型材",
    "quantity": "120",
    "unit": "吨",
    "period": "month",
    "price_ceiling": "31500",
    "certificates": ["IRIS"],
    "regions": ["14"],
    "requirements": [
        {"parameter": "抗拉强度", "operator": "at_least", "low": "690", "unit": "MPa"},
        {"parameter": "厚度", "text": "3±0.1mm", "hard": False},
    ],
}
SUPPLY = {
    "key": "S0001",
    "chain": "rail-transit",
    "title": "铝合金车体型材",
    "unit": "吨",
    "capacity": "500",
    "capacity_basis": "actual",
    "free_capacity": "180",
    "minimum_order": "5",
    "lead_time": 30,
    "lead_time_unit": "day",
    "price_low": "29000",
    "price_high": "33000",
    "properties": [{"parameter": "抗拉强度", "text": "≥700MPa"}],
    "certificates": [{"name": "IRIS", "number": "IR-2025-118", "expires": "2028-05-31"}],
}


def of_line(body: Mapping[str, object]) -> list[OpenApiExample]:
    """Creating a line."""
    return [OpenApiExample("A line", body, request_only=True)]


def of_list(body: Mapping[str, object]) -> list[OpenApiExample]:
    """Replacing a list."""
    row = {name: value for name, value in body.items() if name != "chain"}
    return [OpenApiExample("A list of one line", {"lines": [row]}, request_only=True)]


ROUND = OpenApiExample(
    "A round",
    {
        "chain": "rail-transit",
        "name": "2026年第四季度",
        "opens_at": "2026-10-01T00:00:00+08:00",
        "closes_at": "2026-11-30T00:00:00+08:00",
    },
    request_only=True,
)
