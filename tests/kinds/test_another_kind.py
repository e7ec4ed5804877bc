"""Another kind is a declaration: no table, page or engine of its own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from matching.errors import Invalid
from matching.kinds import FieldType, Kind, KindField, Label, get, register, registry
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.lists.services import change_line, save_line
from matching.lists.states import LineAction, LineState
from matching.runs.models import Match
from matching.runs.services import start_run
from matching.runs.states import RunState
from tests import factories, world

TECHNOLOGY = Kind(
    code="technology",
    name=Label("技术", "Technology"),
    need=Label("技术需求", "Technology need"),
    offer=Label("科技成果", "Research result"),
    need_fields=(KindField("title", required=True), KindField("requirements")),
    offer_fields=(KindField("title", required=True), KindField("properties")),
    own_need_fields=(
        KindField("budget", label=Label("研发预算", "Budget"), type=FieldType.NUMBER),
        KindField(
            "form",
            required=True,
            label=Label("合作方式", "Form"),
            type=FieldType.CHOICE,
            options=("委托开发", "许可", "转让"),
        ),
    ),
    own_offer_fields=(KindField("trl", label=Label("成熟度", "TRL"), type=FieldType.NUMBER),),
)


@pytest.fixture
def technology() -> Iterator[Kind]:
    register(TECHNOLOGY)
    yield TECHNOLOGY
    registry._KINDS.pop(TECHNOLOGY.code)


def _save(model: type[Any], user: Any, chain: Any, **attributes: object) -> Any:
    return save_line(
        actor=user,
        model=model,
        organisation=factories.firm_of(user),
        key="T1",
        values={
            "kind": "technology",
            "chain_id": chain.pk,
            "title": "高效异质结电池银浆替代技术",
            "attributes": attributes,
        },
        rows={},
    )


@pytest.mark.django_db
def test_a_technology_need_meets_a_research_result(technology: Kind) -> None:
    here = world.build()
    Round.objects.filter(pk=here.round.pk).update(kind=technology.code)
    need = _save(DemandLine, here.leader, here.chain, form="许可", budget="300")
    result = _save(SupplyLine, here.member, here.chain, trl=6)
    for line, owner in ((need, here.leader), (result, here.member)):
        change_line(actor=owner, model=type(line), line_id=line.pk, action=LineAction.SUBMIT)
        change_line(actor=here.office, model=type(line), line_id=line.pk, action=LineAction.VERIFY)
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    assert (run.state, run.demands, run.supplies) == (RunState.FINISHED, 1, 1)
    assert Match.objects.get(run=run).supply_id == result.pk


@pytest.mark.django_db
def test_its_own_fields_are_checked(technology: Kind) -> None:
    here = world.build()
    with pytest.raises(Invalid) as refused:
        _save(DemandLine, here.leader, here.chain, form="赠送", budget="很多", colour="红")
    assert sorted(refused.value.fields) == ["attributes.budget", "attributes.colour", "attributes.form"]


@pytest.mark.django_db
def test_lines_of_another_kind_stay_out_of_a_product_run(technology: Kind) -> None:
    here = world.build()
    _save(DemandLine, here.leader, here.chain, form="许可")
    DemandLine.objects.update(state=LineState.VERIFIED)
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED, quantity=Decimal(1))
    assert world.prepare(start_run(actor=here.office, round_id=here.round.pk)).demands == 1


@pytest.mark.django_db
def test_an_unknown_kind_is_refused() -> None:
    here = world.build()
    with pytest.raises(Invalid) as refused:
        _save(DemandLine, here.leader, here.chain)
    assert "kind" in refused.value.fields


def test_product_is_declared() -> None:
    assert get("product").required_columns("need") == ("title", "quantity", "unit", "period")
