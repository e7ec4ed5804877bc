"""Pages: one's own sign-ins; accounts and settings for the administrators who look after them."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permits import Act
from accounts.permits.rows import INSTALLATION, SIGN_IN
from accounts.security import attempts
from accounts.security.queries import accounts_of, installation, open_sessions
from accounts.security.services import end_session, end_sessions, reset_second_factor, switch_account
from accounts.security.sessions import digest_of

PAGE_SIZE = 30
OTHERS = "others"
Deed = Callable[[User], object]


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser in which one is signed in."""
    context = {"sessions": open_sessions(_person(request)), "here": _here(request)}
    return render(request, "accounts/sessions.html", context)


@login_required
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions, or all but this one."""
    named = request.POST.get("session", "")
    if named == OTHERS:
        done = end_sessions(user=_person(request), but=_here(request)) > 0
    else:
        done = end_session(user=_person(request), digest=named)
    if done:
        messages.success(request, _("Signed out there."))
    return _see_other("session_list")


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Accounts, for the security administrator."""
    _refuse_unless(SIGN_IN.allows(_person(request), Act.VIEW))
    q, locked = request.GET.get("q", "").replace("\0", "").strip(), "locked" in request.GET
    page = Paginator(accounts_of(q=q, only_locked=locked), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": page, "q": q, "only_locked": locked})


def _unlock(person: User) -> object:
    return attempts.unlock(person)


ACTIONS: dict[str, Deed] = {
    "unlock": _unlock,
    "end_sessions": lambda person: end_sessions(user=person),
    "reset_factor": lambda person: reset_second_factor(user=person),
    "switch_off": lambda person: switch_account(user=person, active=False),
    "switch_on": lambda person: switch_account(user=person, active=True),
}


@login_required
@require_POST
def person_act(request: HttpRequest, pk: int) -> HttpResponse:
    """One action on an account; the administrator's own password is asked for first."""
    _refuse_unless(SIGN_IN.allows(_person(request), Act.EDIT))
    answer: HttpResponse = _act(request, pk)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _act(request: HttpRequest, pk: int) -> HttpResponse:
    person, action = get_object_or_404(User, pk=pk), request.POST.get("action", "")
    if action not in ACTIONS:
        return HttpResponseBadRequest(_("There is no such action."))
    if action == "switch_off" and person.pk == _person(request).pk:
        messages.error(request, _("You can't switch off your own account."))
        return _see_other("person_list")
    ACTIONS[action](person)
    messages.success(request, _("Done for %(name)s.") % {"name": person})
    return _see_other("person_list")


@login_required
@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """What this installation is set to, for the system administrator; no secret among it."""
    _refuse_unless(INSTALLATION.allows(_person(request), Act.VIEW))
    return render(request, "accounts/system.html", {"facts": installation()})


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _here(request: HttpRequest) -> str:
    return digest_of(request.session.session_key or "")


def _see_other(name: str) -> HttpResponseRedirect:
    answer = HttpResponseRedirect(reverse(name))
    answer.status_code = 303
    return answer


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


urlpatterns = [
    path("accounts/sessions/", sessions, name="session_list"),
    path("accounts/sessions/end/", session_end, name="session_end"),
    path("security/accounts/", people, name="person_list"),
    path("security/accounts/<int:pk>/", person_act, name="person_act"),
    path("security/system/", system, name="system_settings"),
]
