"""Who may do what with rounds and lines; pages and API ask here."""

from __future__ import annotations

from accounts.classes import FieldClass, fields_of
from accounts.models import Membership, User
from accounts.permits import Act
from matching.lists.models import DemandLine, Line, Round, SupplyLine
from matching.lists.permits import DEMAND_LINE, ROUND, ListAct
from matching.lists.states import LINE, LineAction, LineState, RoundAction
from matching.lists.states import ROUND as ROUND_STEPS

SECRET_FIELDS = {model: fields_of(model, FieldClass.SECRET) for model in (DemandLine, SupplyLine)}
"""Trade secrets: shown to the firm itself and to the office that runs the chain."""


def can_manage_round(user: User, round_: Round) -> bool:
    """Plans, opens and closes the chain's rounds."""
    return ROUND.allows(user, RoundAction.CLOSE, chain=round_.chain_id)


def planned_chains(user: User) -> list[str]:
    """Codes of the chains whose rounds the person plans; may hold ``*``."""
    return ROUND.chains(user, Act.CREATE)


def counts_lines(user: User, round_: Round) -> bool:
    """Offices that see the chain across all cities; to firms even the number of lines is a secret."""
    return ROUND.allows(user, ListAct.COUNT, chain=round_.chain_id)


def overseers(user: User, round_: Round) -> list[Membership]:
    """The person's office roles that look after firms of the round's chain: everywhere, or in its cities."""
    held = ROUND.memberships(user, ListAct.OVERSEE)
    return [membership for membership in held if membership.reaches_chain(round_.chain_id)]


def oversees(user: User, round_: Round) -> bool:
    """Sees which firms have handed in, and reminds those that have not."""
    return bool(overseers(user, round_))


def can_edit(user: User, line: Line) -> bool:
    """Acts for the firm that owns the line."""
    return may(user, line, LineAction.EDIT)


def sees_secrets(user: User, line: Line) -> bool:
    """The owner and the chain's office for the firm's region."""
    return may(user, line, ListAct.SECRETS)


def may(user: User, line: Line, action: str) -> bool:
    """Whether the person's role allows the action, whatever the line's state."""
    owner = line.organisation
    return line.permits.allows(user, action, chain=line.chain_id, region=owner.region, firm=owner.pk)


def actions(user: User, line: Line) -> list[LineAction]:
    """Actions that role and state allow now, for buttons and for clients."""
    return [LineAction(action) for action in LINE.actions(LineState(line.state)) if may(user, line, action)]


def round_actions(user: User, round_: Round) -> list[str]:
    """Actions on a round that role and state allow now; publishing goes through a run."""
    return [
        action
        for action in ROUND_STEPS.actions(round_.state)
        if action != RoundAction.PUBLISH and ROUND.allows(user, action, chain=round_.chain_id)
    ]


def sees_list(user: User, model: type[Line]) -> bool:
    """Has lines of that list to see: firms their own, offices those of their chains and cities."""
    return model.permits.somewhere(user, Act.VIEW)


def verifies(user: User) -> bool:
    """Verifies lines of some chain or city."""
    return DEMAND_LINE.somewhere(user, LineAction.VERIFY)


def compares(user: User, line: Line) -> bool:
    """Sees the line beside what was computed about it."""
    return ROUND.allows(user, ListAct.COUNT, chain=line.chain_id)
