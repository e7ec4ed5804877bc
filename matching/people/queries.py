"""Page-shaped reads of people, their roles and the roles that were asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.core import signing
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from accounts.permits import Act
from accounts.permits.rows import ORGANISATION, PERSON, FirmAct
from accounts.roles import EVERYWHERE, FIRMS, OFFICES, OrganisationKind
from accounts.security.queries import accounts_of, programs
from matching.chains.models import Chain, Region
from matching.disclosure.services import saw_people
from matching.people.models import RoleRequest
from matching.people.states import OPEN, RoleState

LINK_DAYS = 7
_SALT = "matching.people"


def people(user: User, *, q: str = "", which: str = "") -> QuerySet[User]:
    """Accounts of people that an administrator looks after, by name; not those of programs.

    ``which``: ``locked``, ``off``, ``roleless`` (switched on and without any role).
    """
    if not PERSON.somewhere(user, Act.VIEW):
        return User.objects.none()
    held = Membership.objects.filter(user=OuterRef("pk"), is_active=True)
    found = accounts_of(q=q, only_locked=which == "locked").exclude(programs("pk"))
    if which == "off":
        return found.filter(is_active=False)
    if which == "roleless":
        return found.filter(is_active=True).exclude(Exists(held))
    return found


def colleagues(firm: Organisation) -> QuerySet[Membership]:
    """People who act for a firm, by name; programs have a page of their own."""
    held = Membership.objects.filter(organisation=firm, is_active=True).exclude(programs("user"))
    return held.select_related("user", "organisation").order_by("user__name", "pk")


def requests(user: User, *, state: str = "") -> QuerySet[RoleRequest]:
    """Roles that were asked for and that the person may see, the newest first."""
    seen = RoleRequest.objects.visible_to(user)
    if state in RoleState.values:
        seen = seen.filter(state=state)
    return seen.select_related("organisation", "asked_by", "decided_by", "account")


def waiting(user: User) -> QuerySet[RoleRequest]:
    """Those that wait for a decision, the longest waiting first."""
    return requests(user, state=RoleState.WAITING).order_by("created_at", "pk")


def open_invitations(firm: Organisation) -> QuerySet[RoleRequest]:
    """A firm's invitations that nobody has accepted yet."""
    return RoleRequest.objects.filter(organisation=firm, state__in=OPEN).select_related("asked_by")


def organisations(user: User, *, q: str = "", kind: str = "") -> QuerySet[Organisation]:
    """Organisations that an administrator may see, with ``people``: how many act there."""
    found = Organisation.objects.visible_to(user).annotate(
        people=Count("memberships__user", filter=Q(memberships__is_active=True), distinct=True)
    )
    if kind:
        found = found.filter(kind=kind)
    return _named(found, q).order_by("name", "pk")


def graded_firms(user: User, *, q: str = "") -> QuerySet[Organisation]:
    """Firms whose grades the person sets, with the grades; by name."""
    reach = ORGANISATION.within(user, FirmAct.GRADE, region="region")
    firms = Organisation.objects.visible_to(user).filter(reach).exclude(kind=OrganisationKind.OFFICE)
    return _named(firms, q).prefetch_related("grades").order_by("name", "pk")


def _named(found: QuerySet[Organisation], q: str) -> QuerySet[Organisation]:
    if not q:
        return found
    return found.filter(Q(name__icontains=q) | Q(short_name__icontains=q) | Q(uscc__startswith=q.upper()))


def subject_of(person: User) -> str:
    """The subject of the offices' sign-in service that is bound to the account; empty for none."""
    bound = SocialAccount.objects.filter(user=person, provider="office").values_list("uid", flat=True)
    return bound.first() or ""


def note_contacts(held: Iterable[Membership]) -> None:
    """Contact data of firms' people is shown: the firms read it in who saw their data."""
    counts: dict[uuid.UUID, int] = {}
    for one in held:
        if one.is_active and one.role in FIRMS:
            counts[one.organisation_id] = counts.get(one.organisation_id, 0) + 1
    for firm, people_shown in counts.items():
        saw_people(firm, people_shown)


@dataclass(frozen=True, slots=True)
class Reach:
    """Words for chain and region codes."""

    chains: dict[str, str]
    regions: dict[str, str]

    def of(self, row: Membership | RoleRequest) -> str:
        """How far an office's role reaches; empty for other roles, which have no such limits."""
        if row.role not in OFFICES:
            return ""
        chains = [self.chains.get(code, code) for code in row.chains if code != EVERYWHERE]
        regions = [self.regions.get(code, code) for code in row.regions if code != EVERYWHERE]
        return " · ".join(("、".join(chains) or _("All chains"), "、".join(regions) or _("All cities")))


def reach(rows: Iterable[Membership | RoleRequest]) -> Reach:
    """The words that some rows need; two queries."""
    codes = {code for row in rows for code in row.regions}
    return Reach(
        chains={chain.pk: chain.name for chain in Chain.objects.all()},
        regions=dict(Region.objects.filter(code__in=codes).values_list("code", "name")),
    )


def link_token(request: RoleRequest) -> str:
    """What the link of an invitation carries; a newer invitation ends it."""
    assert request.invited_at is not None
    return signing.dumps([str(request.pk), request.invited_at.isoformat()], salt=_SALT)


def by_token(token: str) -> RoleRequest | None:
    """The invitation of a link that is not too old, used up or sent anew."""
    try:
        pk, invited_at = signing.loads(token, salt=_SALT, max_age=LINK_DAYS * 86_400)
        when = datetime.fromisoformat(invited_at)
    except (signing.BadSignature, ValueError):
        return None
    rows = RoleRequest.objects.select_related("organisation", "asked_by")
    return rows.filter(pk=pk, state=RoleState.INVITED, invited_at=when).first()
