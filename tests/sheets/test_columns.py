"""The column specification of a list agrees with the API, the models and itself."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from matching.kinds import PRODUCT, FieldType, Kind, KindField, Label
from matching.lists.api.serializers import DemandRowSerializer, SupplyRowSerializer
from matching.lists.models import DemandLine, Line, SupplyLine
from matching.sheets.columns import IGNORED, Side, columns, flat
from matching.sheets.types import CellType, Column

SIDES: list[tuple[Side, type[Line], type[Any]]] = [
    ("need", DemandLine, DemandRowSerializer),
    ("offer", SupplyLine, SupplyRowSerializer),
]
NOT_IN_SHEETS = {"attributes", "arose_from"}
"""Own fields have columns of their own; where a need arose from is no cell's business."""
IN_THE_ADDRESS = {"chain"}
"""The API's whole list names its chain in the path."""


@pytest.mark.parametrize(("side", "model", "serializer"), SIDES)
def test_a_row_of_the_api_has_the_same_fields(side: Side, model: type[Line], serializer: type[Any]) -> None:
    names = {column.name for column in columns(PRODUCT, side)}
    assert names - IN_THE_ADDRESS == set(serializer.Meta.fields) - NOT_IN_SHEETS


@pytest.mark.parametrize(("side", "model", "serializer"), SIDES)
def test_lengths_and_choices_are_those_of_the_model(
    side: Side, model: type[Line], serializer: type[Any]
) -> None:
    fields = {field.name: field for field in model._meta.concrete_fields}
    for column in columns(PRODUCT, side):
        field = fields.get(column.name)
        if field is None or field.is_relation:
            continue
        within = field.base_field if isinstance(field, ArrayField) else field
        if column.type in {CellType.TEXT, CellType.LONG_TEXT, CellType.DIGITS, CellType.WORDS}:
            assert (column.name, column.max_length) == (column.name, within.max_length)
        assert [choice.value for choice in column.choices] == [value for value, _ in field.choices or ()]
        assert (column.type == CellType.FLAG) == isinstance(field, models.BooleanField)
        assert (column.type == CellType.DATE) == isinstance(field, models.DateField)
        assert (column.type == CellType.NUMBER) == isinstance(field, models.DecimalField)


@pytest.mark.parametrize(("side", "model", "serializer"), SIDES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_heading_means_two_columns(
    side: Side, model: type[Line], serializer: type[Any], language: str
) -> None:
    specification = [*columns(PRODUCT, side), *IGNORED]
    headings = Counter(
        heading.casefold()
        for column in specification
        for heading in {column.label.zh, column.label.en, *column.aliases}
    )
    assert [heading for heading, times in headings.items() if times > 1] == []
    labels = Counter(getattr(column.label, language) for column in flat(specification))
    assert max(labels.values()) == 1


def test_key_comes_first_and_parts_stand_for_their_column() -> None:
    specification = columns(PRODUCT, "need")
    assert [column.name for column in specification[:4]] == ["key", "chain", "node", "title"]
    assert [column.name for column in flat(specification) if "region" in column.name] == [
        "delivery_region.province",
        "delivery_region.city",
        "delivery_region.county",
        "regions",
        "region_required",
    ]


def test_required_columns_are_those_of_the_kind() -> None:
    required = {column.name for column in columns(PRODUCT, "need") if column.required}
    assert required == {"chain", *PRODUCT.required_columns("need")}


def test_the_words_of_a_kind_go_before_shared_ones_and_its_own_fields_follow() -> None:
    kind = Kind(
        code="talent",
        name=Label("人才", "Talent"),
        need=Label("人才需求", "Post"),
        offer=Label("人才", "Person"),
        need_fields=(KindField("title", required=True, label=Label("岗位", "Post"), aliases=("职位",)),),
        offer_fields=(),
        own_need_fields=(
            KindField(
                "degree", label=Label("学历", "Degree"), type=FieldType.CHOICE, options=("硕士", "博士")
            ),
            KindField("salary", label=Label("年薪", "Salary"), type=FieldType.NUMBER, example="30"),
        ),
    )
    title, degree, salary = columns(kind, "need")[2:]
    assert (title.label.zh, title.aliases[0], title.required) == ("岗位", "职位", True)
    assert (degree.name, degree.type) == ("attributes.degree", CellType.CHOICE)
    assert [choice.value for choice in degree.choices] == ["硕士", "博士"]
    assert salary == Column("attributes.salary", Label("年薪", "Salary"), CellType.NUMBER, example="30")
