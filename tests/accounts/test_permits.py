"""The access table decides questions and conditions on rows alike, as an independent reading of it does."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Organisation, User
from accounts.permits import Act, Anybody, Permits, Scope, grant
from accounts.roles import EVERYWHERE, Role
from matching.lists.models import DemandLine
from matching.lists.permits import DEMAND_LINE, SUPPLY_LINE, ListAct
from matching.lists.states import LineAction, LineState
from tests import factories
from tests.access.oracle import Facts, allowed

CHAINS = ("nev", "photovoltaic")
REGIONS = ("140105", "140202")
LEADER = Role.LEADER_FIRM


@dataclass(frozen=True)
class Held:
    """A role as drawn: what it is, and how far it reaches."""

    role: Role
    own: bool
    chains: tuple[str, ...]
    regions: tuple[str, ...]


roles = st.builds(
    Held,
    role=st.sampled_from([role for role in Role if role != Role.INTEGRATOR]),
    own=st.booleans(),
    chains=st.sampled_from([(EVERYWHERE,), ("nev",), CHAINS, ()]),
    regions=st.sampled_from([(EVERYWHERE,), ("1401",), ("14",), ("140202", "1401"), ()]),
)
tables = st.lists(
    st.tuples(st.sampled_from([role for role in Role if role != Role.INTEGRATOR]), st.sampled_from(Scope)),
    max_size=6,
)


def _person(held: list[Held], own: Organisation, other: Organisation) -> User:
    person = User(pk=7, username="p")
    person.active_memberships = [
        Membership(
            user=person,
            organisation=own if one.own else other,
            role=one.role,
            chains=list(one.chains),
            regions=list(one.regions),
        )
        for one in held
    ]
    return person


@pytest.fixture
def lines(db: None) -> list[DemandLine]:
    """A line of each of two firms, in two cities, for each of two chains."""
    made = []
    for region in REGIONS:
        owner = factories.make_user(LEADER, factories.make_firm(LEADER, region=region))  # type: ignore[arg-type]
        made += [factories.make_demand(owner, factories.make_chain(code)) for code in CHAINS]
    return made


def _facts(line: DemandLine) -> Facts:
    firm = line.organisation
    return Facts(line.chain_id, firm.region, frozenset({firm.pk}))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.lists(roles, max_size=3), rows=tables)
def test_questions_and_conditions_agree_with_the_table(
    lines: list[DemandLine], held: list[Held], rows: list[tuple[Role, Scope]]
) -> None:
    own, other = lines[0].organisation, lines[2].organisation
    table = Permits("line", "line", *(grant(Act.VIEW, role, scope) for role, scope in rows))
    person = _person(held, own, other)
    expected = {line.pk for line in lines if allowed(table.rows, Act.VIEW, person, _facts(line))}
    asked = {
        line.pk
        for line in lines
        if table.allows(
            person,
            Act.VIEW,
            chain=line.chain_id,
            region=line.organisation.region,
            firm=line.organisation_id,
            person=None,
        )
    }
    condition = table.within(
        person, Act.VIEW, chain="chain_id", region="organisation__region", firm=("organisation_id",)
    )
    assert asked == expected
    assert set(DemandLine.objects.filter(condition).values_list("pk", flat=True)) == expected
    assert table.somewhere(person, Act.VIEW) or not expected


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope != Scope.ALL])
def test_what_is_not_told_is_not_reached(scope: Scope) -> None:
    table = Permits("thing", "thing", grant(Act.VIEW, Role.CHAIN_OFFICE, scope))
    office = _person(
        [Held(Role.CHAIN_OFFICE, True, (EVERYWHERE,), (EVERYWHERE,))], Organisation(), Organisation()
    )
    assert not table.allows(office, Act.VIEW)
    assert "pk__in" in str(table.within(office, Act.VIEW))
    assert not table.allows(office, Act.EDIT)


def test_rows_for_everybody() -> None:
    visitor, person = AnonymousUser(), User(pk=7)
    person.active_memberships = []
    public = Permits("page", "page", grant(Act.VIEW, Anybody.VISITOR, Scope.ALL))
    own = Permits("notice", "notice", grant(Act.VIEW, Anybody.SIGNED_IN, Scope.SELF))
    assert public.allows(visitor, Act.VIEW)
    assert public.allows(person, Act.VIEW)
    assert not own.allows(visitor, Act.VIEW, person=None)
    assert own.allows(person, Act.VIEW, person=7)
    assert not own.allows(person, Act.VIEW, person=8)


@pytest.mark.django_db
def test_a_program_of_a_firm_acts_as_the_firm_and_an_ended_role_gives_nothing() -> None:
    program = factories.make_user(Role.INTEGRATOR)
    firm = factories.firm_of(program)
    assert DEMAND_LINE.allows(program, LineAction.EDIT, firm=firm.pk)
    assert not SUPPLY_LINE.allows(program, LineAction.EDIT, firm=firm.pk)
    assert not DEMAND_LINE.allows(program, LineAction.EDIT, firm=uuid.uuid4())
    Membership.objects.filter(user=program).update(is_active=False)
    assert not DEMAND_LINE.allows(User.objects.get(pk=program.pk), LineAction.EDIT, firm=firm.pk)


@pytest.mark.django_db
def test_a_planted_permissive_row_opens_what_was_closed() -> None:
    line = factories.make_demand(
        factories.make_user(LEADER), factories.make_chain(), state=LineState.VERIFIED, price_ceiling=12
    )
    head = factories.make_user(Role.CHAIN_HEAD)
    facts: dict[str, Any] = {
        "chain": line.chain_id,
        "region": line.organisation.region,
        "firm": line.organisation_id,
    }
    assert not DEMAND_LINE.allows(head, ListAct.SECRETS, **facts)
    wider = Permits("demand_line", "", DEMAND_LINE.rows, grant(ListAct.SECRETS, Role.CHAIN_HEAD, Scope.CHAIN))
    assert wider.allows(head, ListAct.SECRETS, **facts)
