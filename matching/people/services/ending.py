"""Roles and accounts end; an account is bound to the offices' sign-in service, or no longer."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, PersonalToken, User
from accounts.roles import Role
from accounts.security import oidc
from accounts.security.separation import only_holder_of
from accounts.security.services import switch_account
from matching.errors import Conflict, Forbidden, Invalid
from matching.notices.services import tell
from matching.people import access
from matching.people.models import RoleRequest
from matching.people.states import OPEN, RoleState


@transaction.atomic
def end_role(*, actor: User, membership_id: int) -> Membership:
    """Nobody acts by that role any more, from the next request on.

    Side effects: the person's sessions end with the role. Raises ``Membership.DoesNotExist`` where the actor
    does not see it, ``Conflict`` for a role of one's own in a firm and for the last administrator.
    """
    seen = Membership.objects.visible_to(actor).filter(is_active=True)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation")
    held = rows.get(pk__in=seen.values("pk"), pk=membership_id)
    if not access.may_end(actor, held):
        raise Forbidden(_("Your role does not allow this."), code="permission_denied")
    if held.user_id == actor.pk:
        raise Conflict(_("Somebody else ends your own role."), code="own_role")
    if held.role in only_holder_of(held.user):
        raise _last(Role(held.role))
    held.is_active = False
    held.save(update_fields=["is_active"])
    return held


@transaction.atomic
def end_account(*, actor: User, person_id: int) -> User:
    """End an account for good: its roles, sessions, tokens and ways in; the row stays as author of its deeds.

    Opened again it has no role. Raises ``User.DoesNotExist``, ``Forbidden``, and ``Conflict`` for one's own
    account and for the last administrator's.
    """
    person = _another(_opened_by(actor), person_id)
    _can_be_spared(person)
    person.memberships.update(is_active=False)
    PersonalToken.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    theirs = RoleRequest.objects.filter(Q(account=person) | Q(email__iexact=person.email or "-"))
    theirs.filter(state__in=OPEN).update(state=RoleState.WITHDRAWN)
    switch_account(user=person, active=False)
    return person


@transaction.atomic
def switch_off(*, actor: User, person_id: int) -> User:
    """Let a person sign in no longer, at once and until it is switched on again; roles stay.

    Raises ``Forbidden``, and ``Conflict`` for one's own account and for the last administrator's.
    """
    if not access.looks_after_sign_in(actor):
        raise Forbidden(_("Your role does not allow this."), code="permission_denied")
    person = _another(actor, person_id)
    _can_be_spared(person)
    switch_account(user=person, active=False)
    return person


@transaction.atomic
def bind_subject(*, actor: User, person_id: int, subject: str) -> None:
    """Let the person with that subject of the offices' service sign in to that account.

    Raises ``Invalid`` without a subject, ``Conflict`` for an account of a firm and for a subject that is
    bound to another one.
    """
    person, subject = _another(_bound_by(actor), person_id), subject.strip()
    if not subject or len(subject) > oidc.LONGEST_SUBJECT:
        raise Invalid({"subject": [_("Write the subject (sub) that the service tells.")]})
    if not oidc.may_sign_in(person):
        raise Conflict(
            _("Only offices and administrators sign in through that service."), code="not_an_office"
        )
    try:
        with transaction.atomic():
            bound = oidc.bind(user=person, subject=subject)
    except IntegrityError as error:
        raise Conflict(_("This subject is bound to another account."), code="subject_taken") from error
    _tell_of_binding(person, bound.pk)


@transaction.atomic
def unbind_subject(*, actor: User, person_id: int) -> None:
    """The person signs in with what it has here only."""
    SocialAccount.objects.filter(user=_another(_bound_by(actor), person_id)).delete()


def _tell_of_binding(person: User, binding: int) -> None:
    """Whoever holds that subject comes in as this person: it is told, and so are those who watch sign-ins."""
    watchers = User.objects.filter(
        is_active=True, memberships__is_active=True, memberships__role=Role.SECURITY_ADMIN
    ).distinct()
    tell(
        users=[person, *watchers],
        key=f"subject-bound-{binding}",
        zh=f"账号“{person.username}”已绑定新的统一认证用户标识。如非本人要求，请立即联系安全管理员。",
        en=f"The account “{person.username}” was bound to a new subject of the offices' sign-in service. "
        "If nobody asked for that, tell the security administrator at once.",
        link="/people/",
    )


def _opened_by(actor: User) -> User:
    if not access.opens_accounts(actor):
        raise Forbidden(_("Your role does not allow this."), code="permission_denied")
    return actor


def _bound_by(actor: User) -> User:
    if not access.binds(actor):
        raise Forbidden(_("Your role does not allow this."), code="permission_denied")
    return actor


def _another(actor: User, person_id: int) -> User:
    if person_id == actor.pk:
        raise Conflict(_("Another administrator does this with your own account."), code="own_account")
    return User.objects.select_for_update().get(pk=person_id)


def _can_be_spared(person: User) -> None:
    if last := only_holder_of(person):
        raise _last(min(last))


def _last(role: Role) -> Conflict:
    words = _("Nobody else is %(role)s: give the role to somebody first.")
    return Conflict(words % {"role": role.label}, code="last_administrator")
