"""Who may do what with rounds and lines; pages and API ask here."""

from __future__ import annotations

from accounts import access as roles
from accounts.classes import FieldClass, fields_of
from accounts.models import Membership, User
from accounts.roles import OrganisationKind, Role
from matching.lists.models import DemandLine, Line, Round, SupplyLine
from matching.lists.states import FIRM_ACTIONS, LINE, OFFICE_ACTIONS, ROUND, LineAction, LineState

SECRET_FIELDS = {model: fields_of(model, FieldClass.SECRET) for model in (DemandLine, SupplyLine)}
"""Trade secrets: shown to the firm itself and to the office that runs the chain."""


def can_manage_round(user: User, round_: Round) -> bool:
    """Plans, opens and closes the chain's rounds."""
    return roles.office_for_chain(user, round_.chain_id)


def counts_lines(user: User, round_: Round) -> bool:
    """Offices that see the chain across all cities; to firms even the number of lines is a secret."""
    return roles.watches_chain(user, round_.chain_id)


def overseers(user: User, round_: Round) -> list[Membership]:
    """The person's office roles that look after firms of the round's chain: everywhere, or in its cities."""
    held = [*roles.chain_wide(user), *user.holding(Role.CHAIN_OFFICE, Role.CITY_TASK_FORCE)]
    return [membership for membership in held if membership.reaches_chain(round_.chain_id)]


def oversees(user: User, round_: Round) -> bool:
    """Sees which firms have handed in, and reminds those that have not."""
    return bool(overseers(user, round_))


def can_edit(user: User, line: Line) -> bool:
    """Acts for the firm that owns the line."""
    return user.acts_for(line.organisation_id)


def can_verify(user: User, line: Line) -> bool:
    """The chain's office for the firm's region, or the task force of the firm's city."""
    place = {"chain": line.chain_id, "region": line.organisation.region}
    return roles.office_for_firms(user, **place) or roles.task_force_for(user, **place)


def sees_secrets(user: User, line: Line) -> bool:
    """The owner and the chain's office for the firm's region."""
    return can_edit(user, line) or roles.office_for_firms(
        user, chain=line.chain_id, region=line.organisation.region
    )


def may(user: User, line: Line, action: str) -> bool:
    """Whether the person's role allows the action, whatever the line's state."""
    if action in FIRM_ACTIONS:
        return can_edit(user, line)
    return action in OFFICE_ACTIONS and can_verify(user, line)


def actions(user: User, line: Line) -> list[LineAction]:
    """Actions that role and state allow now, for buttons and for clients."""
    return [LineAction(action) for action in LINE.actions(LineState(line.state)) if may(user, line, action)]


def round_actions(user: User, round_: Round) -> list[str]:
    """Actions on a round that role and state allow now; publishing goes through a run."""
    if not can_manage_round(user, round_):
        return []
    return [action for action in ROUND.actions(round_.state) if action != "publish"]


def writes_demand(user: User) -> bool:
    """Acts for a leader firm."""
    return bool(user.firms(OrganisationKind.LEADER_FIRM))


def writes_supply(user: User) -> bool:
    """Acts for a member firm."""
    return bool(user.firms(OrganisationKind.MEMBER_FIRM))


def verifies(user: User) -> bool:
    """Verifies lines of some chain or city."""
    return bool(user.holding(Role.CHAIN_OFFICE, Role.CITY_TASK_FORCE))
