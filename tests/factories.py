"""Small makers of rows for the tests; what a test does not name gets a plain value."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from django.utils import timezone
from stdnum.cn import uscc

from accounts.credentials import services
from accounts.models import Application, Membership, Organisation, PersonalToken, User
from accounts.roles import EVERYWHERE, OrganisationKind, Role
from accounts.scopes import OF_APPLICATIONS, Scope
from accounts.services import open_account, register_organisation
from matching.chains.models import Chain, ChainNode, NodeLevel
from matching.engine.learning import Figure, Lesson, Measure, Share, Source, Verdict
from matching.engine.learning.lesson import WeightChange
from matching.engine.types import Policy
from matching.joining.models import JoinRequest
from matching.joining.states import JoinState
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.lists.services import save_line
from matching.lists.states import LineState, RoundState
from matching.meetings.models import MeetingRule, Table, Venue
from matching.runs.forms import RulesForm
from matching.runs.models import PolicyProposal
from matching.runs.services import current_policy, propose_rules

PASSWORD = "correct horse battery"
# All of one length: no name is the beginning of another, and numbers sort as they were given.
_numbers = count(10_001)


def credit_code(number: int) -> str:
    """A credit code with a valid check character."""
    base = f"91140100MA0T{number:05d}"
    return base + uscc.calc_check_digit(base)


def make_chain(code: str = "photovoltaic", name: str = "光伏") -> Chain:
    """A chain with one product node ``wafer``."""
    chain, _ = Chain.objects.get_or_create(code=code, defaults={"name_zh": name, "name_en": code})
    parent = None
    path: list[str] = []
    for level, node_code, zh in (
        (NodeLevel.STREAM, "upstream", "上游"),
        (NodeLevel.SEGMENT, "wafers", "硅片"),
        (NodeLevel.PRODUCT, "wafer", "单晶硅片"),
    ):
        path = [*path, node_code]
        parent, _ = ChainNode.objects.get_or_create(
            chain=chain,
            code=node_code,
            defaults={"level": level, "parent": parent, "path": path, "name_zh": zh, "name_en": node_code},
        )
    return chain


def make_firm(kind: OrganisationKind, name: str = "", region: str = "140105") -> Organisation:
    """A firm of that kind in 太原市小店区."""
    number = next(_numbers)
    return register_organisation(
        kind=kind, name=name or f"示例企业{number}", region=region, uscc=credit_code(number)
    )


def make_office(name: str = "") -> Organisation:
    """A public office."""
    return register_organisation(
        kind=OrganisationKind.OFFICE, name=name or f"示例专班{next(_numbers)}", region="14"
    )


def make_user(
    role: Role,
    organisation: Organisation | None = None,
    *,
    chains: tuple[str, ...] = (EVERYWHERE,),
    regions: tuple[str, ...] = (EVERYWHERE,),
    username: str = "",
) -> User:
    """A person with one role, in an organisation that fits it."""
    if organisation is None:
        organisation = {
            Role.LEADER_FIRM: lambda: make_firm(OrganisationKind.LEADER_FIRM),
            Role.INTEGRATOR: lambda: make_firm(OrganisationKind.LEADER_FIRM),
            Role.MEMBER_FIRM: lambda: make_firm(OrganisationKind.MEMBER_FIRM),
        }.get(role, make_office)()
    return open_account(
        username=username or f"{role}{next(_numbers)}",
        password=PASSWORD,
        name=f"{Role(role).label}",
        organisation=organisation,
        role=role,
        chains=chains,
        regions=regions,
    )


def make_token(user: User, *scopes: str, name: str = "ERP") -> tuple[PersonalToken, str]:
    """A personal token and its secret; good for everything where no scope is named."""
    return services.make_token(actor=user, name=name, scopes=scopes or Scope.values)


def make_application(user: User, *scopes: str, name: str = "ERP") -> tuple[Application, str]:
    """An application of the organisation of the person's first role, and its secret."""
    membership = user.granting_memberships[0]
    return services.make_application(
        actor=user, membership=membership, name=name, scopes=scopes or OF_APPLICATIONS
    )


def mistyped(secret: str) -> str:
    """The same secret with another last character, whichever that is."""
    return secret[:-1] + ("x" if secret[-1] != "x" else "y")


def firm_of(user: User) -> Organisation:
    """The organisation of a person's first role."""
    return Membership.objects.filter(user=user).select_related("organisation")[0].organisation


def make_join_request(chain: Chain, state: JoinState = JoinState.REQUESTED, **values: Any) -> JoinRequest:
    """A request of a firm in 太原市小店区 that has confirmed its address."""
    number = next(_numbers)
    columns = {
        "kind": OrganisationKind.MEMBER_FIRM,
        "name": f"示例新企业{number}",
        "uscc": credit_code(number),
        "region": "140105",
        "chains": [chain.pk],
        "contact_name": "王某",
        "email": f"firm{number}@example.com",
        "phone": "0351-1234567",
        **values,
    }
    return JoinRequest.objects.create(state=state, **columns)


def make_round(chain: Chain, state: RoundState = RoundState.OPEN, now: datetime | None = None) -> Round:
    """A round that began yesterday and ends in a month."""
    now = now or timezone.now()
    return Round.objects.create(
        chain=chain,
        name=f"第{next(_numbers)}期",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
        state=state,
    )


def make_demand(
    user: User,
    chain: Chain,
    *,
    key: str = "",
    state: LineState = LineState.DRAFT,
    requirements: tuple[dict[str, Any], ...] = (),
    **values: Any,
) -> DemandLine:
    """A leader firm's line for 单晶硅片, 100,000 片 a month."""
    line = save_line(
        actor=user,
        model=DemandLine,
        organisation=firm_of(user),
        key=key or f"D{next(_numbers):04}",
        values={
            "chain_id": chain.pk,
            "node": chain.nodes.get(code="wafer"),
            "title": "N型单晶硅片",
            "quantity": Decimal(100_000),
            "unit": "片",
            **values,
        },
        rows={"requirements": list(requirements)},
    )
    return _in_state(line, state)


def make_supply(
    user: User,
    chain: Chain,
    *,
    key: str = "",
    state: LineState = LineState.DRAFT,
    properties: tuple[dict[str, Any], ...] = (),
    certificates: tuple[dict[str, Any], ...] = (),
    **values: Any,
) -> SupplyLine:
    """A member firm's line for 单晶硅片, 300,000 片 free a month."""
    line = save_line(
        actor=user,
        model=SupplyLine,
        organisation=firm_of(user),
        key=key or f"S{next(_numbers):04}",
        values={
            "chain_id": chain.pk,
            "node": chain.nodes.get(code="wafer"),
            "title": "N型单晶硅片",
            "unit": "片",
            "capacity": Decimal(500_000),
            "free_capacity": Decimal(300_000),
            **values,
        },
        rows={"properties": list(properties), "certificates": list(certificates)},
    )
    return _in_state(line, state)


L = TypeVar("L", DemandLine, SupplyLine)


def _in_state(line: L, state: LineState) -> L:
    if state != LineState.DRAFT:
        line.state = state
        line.submitted_at = timezone.now()
        line.save(update_fields=["state", "submitted_at"])
    return line


def make_rule(chain: Chain, tables: int = 4) -> MeetingRule:
    """A monthly rule of a chain with a venue of that many tables."""
    return MeetingRule.objects.create(chain=chain, venue=make_venue(tables))


def make_venue(tables: int) -> Venue:
    """A venue of that many tables."""
    venue = Venue.objects.create(name=f"示例会展中心{next(_numbers)}", address="示例路1号", region="140105")
    Table.objects.bulk_create(Table(venue=venue, number=number) for number in range(1, tables + 1))
    return venue


def make_proposal(chain: Chain, evidence: str = "e", weight: int = 30) -> PolicyProposal:
    """An open proposal that gives the words less weight than the current rules do."""
    base = current_policy(chain_id=chain.pk, kind="product")
    change = WeightChange("text", 35, weight, True)
    figure = Figure(Measure.OVERALL, 7000, 8000, 1000, 300, 700, 20)
    sources = (Share(Source.ASKED, 52, 5200), Share(Source.CONTRACT, 8, 2450))
    lesson = Lesson(Verdict.GAIN, 40, 20, 12, 10, (change,), (figure,), sources=sources)
    proposal = propose_rules(base=base, lesson=lesson, evidence_hash=evidence)
    assert proposal is not None
    return proposal


def rules_form(**changed: Any) -> dict[str, Any]:
    """What the form of rules sends for the usual rules, with a third of the weight on delivery."""
    form = RulesForm(start=Policy())
    return {**form.initial, "weight_delivery": 50, "note": "交期优先", **changed}
