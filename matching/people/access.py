"""Who manages people, and whose."""

from __future__ import annotations

import uuid

from accounts.models import Membership, Organisation, User
from accounts.permits import Act
from accounts.permits.rows import MEMBERSHIP, ORGANISATION, PERSON, SIGN_IN, FirmAct, RoleAct
from accounts.roles import Role
from matching.people.permits import COLLEAGUE, ROLE_REQUEST
from matching.people.states import RoleAction


def sees_people(user: User) -> bool:
    """The administrators who look after accounts."""
    return PERSON.somewhere(user, Act.VIEW)


def opens_accounts(user: User) -> bool:
    """Who opens accounts, and ends them."""
    return PERSON.somewhere(user, RoleAct.END)


def binds(user: User) -> bool:
    """Who binds accounts to the offices' sign-in service."""
    return PERSON.somewhere(user, RoleAct.BIND)


def looks_after_sign_in(user: User) -> bool:
    """Who unlocks, ends sessions, resets second factors."""
    return SIGN_IN.somewhere(user, Act.EDIT)


def registers_organisations(user: User) -> bool:
    """Who enters firms and offices."""
    return ORGANISATION.somewhere(user, Act.CREATE)


def grades_firms(user: User) -> bool:
    """Who recognises grades of firms; whose, ``accounts.access.sets_grades`` says."""
    return ORGANISATION.somewhere(user, FirmAct.GRADE)


def own_firms(user: User) -> list[Organisation]:
    """Firms whose people the person manages."""
    held = COLLEAGUE.memberships(user, Act.VIEW)
    firms = {one.organisation_id: one.organisation for one in held if one in user.granting_memberships}
    return list(firms.values())


def may_ask(user: User, organisation_id: uuid.UUID) -> bool:
    """Whether the person may ask for a role in that organisation."""
    return organisation_id not in user.program_of and ROLE_REQUEST.allows(
        user, Act.CREATE, firm=organisation_id
    )


def asks_for_all(user: User) -> bool:
    """Whether the person asks for other organisations' people, so that somebody else must approve."""
    return bool(user.holding(Role.SYSTEM_ADMIN))


def may_take(user: User, action: RoleAction, organisation_id: uuid.UUID) -> bool:
    """Whether the person may take that step with a request for a role in that organisation."""
    return organisation_id not in user.program_of and ROLE_REQUEST.allows(user, action, firm=organisation_id)


def decides(user: User) -> bool:
    """Whether requests wait for this person's decision."""
    return ROLE_REQUEST.somewhere(user, RoleAction.APPROVE)


def may_end(user: User, held: Membership) -> bool:
    """Whether the person may end that role, apart from its being the last or one's own."""
    return held.organisation_id not in user.program_of and MEMBERSHIP.allows(
        user, RoleAct.END, firm=held.organisation_id
    )
