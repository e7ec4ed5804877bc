"""What a row of the access table says, and how a question is decided from the rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.permits.reach import EVERYTHING, NOTHING, chain_filter, reach_filter, region_filter
from accounts.roles import EVERYWHERE, Role

if TYPE_CHECKING:
    from accounts.models import Membership, User


class Scope(TextChoices):
    """How far a row reaches."""

    ALL = "all", _("All")
    CHAIN = "chain", _("Own chain")
    WHOLE_CHAIN = "whole_chain", _("Own chain, across all cities")
    CITY = "city", _("Own chain, in own cities")
    REGION = "region", _("Own cities")
    FIRM = "firm", _("Own firm")
    SELF = "self", _("Oneself")


class Anybody(TextChoices):
    """Whom a row may name beside the roles."""

    VISITOR = "visitor", _("Everybody, without signing in")
    SIGNED_IN = "signed_in", _("Everybody who has signed in")


class Act(TextChoices):
    """What can be done with objects of most kinds; others come from the tables of states."""

    VIEW = "view", _("View")
    CREATE = "create", _("Create")
    EDIT = "edit", _("Change")
    DELETE = "delete", _("Delete")


@dataclass(frozen=True, slots=True)
class Permit:
    """``role`` may do ``action`` within ``scope``; ``when``: what else must hold, in words."""

    role: Role | Anybody
    action: TextChoices
    scope: Scope
    when: StrOrPromise = ""


def grant(
    actions: TextChoices | Iterable[TextChoices],
    roles: Role | Anybody | Iterable[Role],
    scope: Scope,
    when: StrOrPromise = "",
) -> list[Permit]:
    """A row for each of the actions and each of the roles, in the order of the roles' declaration."""
    named = [actions] if isinstance(actions, TextChoices) else list(actions)
    held = [roles] if isinstance(roles, TextChoices) else [role for role in Role if role in set(roles)]
    return [Permit(role, action, scope, when) for action in named for role in held]


@dataclass(frozen=True, slots=True)
class _Facts:
    chain: str | None
    region: str | None
    firm: uuid.UUID | None
    person: int | None


@dataclass(frozen=True, slots=True)
class _Columns:
    chain: str
    region: str
    firm: tuple[str, ...]
    person: str


class Permits:
    """All rows about one kind of object; what no row allows is refused."""

    def __init__(self, name: str, label: StrOrPromise, *rows: Iterable[Permit]) -> None:
        self.name, self.label = name, label
        self.rows = tuple(permit for some in rows for permit in some)
        self._by_action: dict[str, list[Permit]] = {}
        for permit in self.rows:
            self._by_action.setdefault(permit.action, []).append(permit)

    def allows(
        self,
        user: User | AnonymousUser,
        action: str,
        *,
        chain: str | None = None,
        region: str | None = None,
        firm: uuid.UUID | None = None,
        person: int | None = None,
    ) -> bool:
        """Whether a row reaches the object with these facts; a fact that is not told is not reached.

        ``chain`` is a code, ``region`` a GB/T 2260 code, ``firm`` and ``person`` are ids.
        """
        decided = _decided(user)
        asked = (self, action, chain, region, firm, person)
        if asked not in decided:
            facts = _Facts(chain, region, firm, person)
            decided[asked] = any(
                _reaches(permit.scope, user, held, facts) for permit, held in self._applying(user, action)
            )
        return decided[asked]

    def somewhere(self, user: User | AnonymousUser, action: str) -> bool:
        """Whether there may be any object with which the person may do it."""
        return any(True for _found in self._applying(user, action))

    def memberships(self, user: User | AnonymousUser, action: str) -> list[Membership]:
        """The person's roles that allow it for some objects."""
        return list(dict.fromkeys(held for _row, held in self._applying(user, action) if held is not None))

    def chains(self, user: User | AnonymousUser, action: str) -> list[str]:
        """Codes of the chains in which the person may do it, by roles that reach by chain; may hold ``*``."""
        found: set[str] = set()
        for permit, held in self._applying(user, action):
            if held is not None and permit.scope in (Scope.CHAIN, Scope.WHOLE_CHAIN, Scope.CITY):
                found.update(held.chains)
        return sorted(found)

    def firms(self, user: User | AnonymousUser, action: str) -> list[uuid.UUID]:
        """Ids of the firms for which the person may do it."""
        rows = self._applying(user, action)
        return list(
            dict.fromkeys(
                held.organisation_id
                for permit, held in rows
                if held is not None and permit.scope == Scope.FIRM
            )
        )

    def within(
        self,
        user: User | AnonymousUser,
        action: str,
        *,
        chain: str = "",
        region: str = "",
        firm: tuple[str, ...] = (),
        person: str = "",
        also: Mapping[Scope, Q] | None = None,
    ) -> Q:
        """The condition on rows with which the person may do it.

        The arguments name the columns that hold the facts; a scope without its column reaches nothing.
        ``also`` is what must hold besides, by scope.
        """
        columns = _Columns(chain, region, firm, person)
        by_scope: dict[Scope, list[Membership]] = {}
        for permit, held in self._applying(user, action):
            by_scope.setdefault(permit.scope, []).extend([held] if held is not None else [])
        condition = NOTHING
        for scope, memberships in by_scope.items():
            reached = _condition(scope, memberships, user, columns)
            condition |= reached & also[scope] if also and scope in also else reached
        return condition

    def _applying(
        self, user: User | AnonymousUser, action: str
    ) -> Iterator[tuple[Permit, Membership | None]]:
        held: Iterable[Membership] = getattr(user, "active_memberships", ())
        for permit in self._by_action.get(action, ()):
            if isinstance(permit.role, Role):
                yield from (
                    (permit, one) for one in held if one.acts_as == permit.role and _counts(permit.scope, one)
                )
            elif permit.role == Anybody.VISITOR or user.is_authenticated:
                if permit.scope == Scope.FIRM:
                    yield from ((permit, one) for one in held)
                else:
                    yield permit, None


def _decided(user: User | AnonymousUser) -> dict[Any, bool]:
    """Answers given so far to a person with these roles; a page asks the same for each of its lines."""
    held = getattr(user, "active_memberships", None)
    if held is None:
        return {}
    of, decided = user.__dict__.get("_decided", (None, None))
    if of is held and decided is not None:
        known: dict[Any, bool] = decided
        return known
    fresh: dict[Any, bool] = {}
    user.__dict__["_decided"] = (held, fresh)
    return fresh


def _counts(scope: Scope, held: Membership) -> bool:
    return scope != Scope.WHOLE_CHAIN or EVERYWHERE in held.regions


def _reaches(scope: Scope, user: User | AnonymousUser, held: Membership | None, facts: _Facts) -> bool:
    if scope == Scope.ALL:
        return True
    if scope == Scope.SELF:
        return facts.person is not None and facts.person == user.pk
    assert held is not None, "a row for everybody reaches all or oneself"
    if scope == Scope.FIRM:
        return facts.firm is not None and facts.firm == held.organisation_id
    in_chain = facts.chain is not None and held.reaches_chain(facts.chain)
    in_region = facts.region is not None and held.reaches_region(facts.region)
    return {
        Scope.CHAIN: in_chain,
        Scope.WHOLE_CHAIN: in_chain,
        Scope.CITY: in_chain and in_region,
        Scope.REGION: in_region,
    }[scope]


def _condition(
    scope: Scope, memberships: list[Membership], user: User | AnonymousUser, columns: _Columns
) -> Q:
    if scope == Scope.ALL:
        return EVERYTHING
    if scope == Scope.SELF:
        return Q(**{columns.person: user.pk}) if columns.person else NOTHING
    if scope == Scope.FIRM:
        ids = list(dict.fromkeys(held.organisation_id for held in memberships))
        own = NOTHING
        for column in columns.firm:
            own |= Q(**{f"{column}__in": ids})
        return own
    if scope == Scope.REGION:
        prefixes = sorted({prefix for held in memberships for prefix in held.regions})
        return region_filter(columns.region, prefixes) if columns.region else NOTHING
    if scope == Scope.CITY:
        if not (columns.chain and columns.region):
            return NOTHING
        return reach_filter(memberships, chain=columns.chain, region=columns.region)
    codes = sorted({code for held in memberships for code in held.chains})
    return chain_filter(columns.chain, codes) if columns.chain else NOTHING
