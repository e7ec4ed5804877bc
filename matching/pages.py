"""What every portal room shares: who may see a page, refusals as messages, pages of long lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid, Refusal
from matching.refusals import database_refusals
from matching.unsent import keep, offered, tell_writer

P = ParamSpec("P")
T = TypeVar("T")
PAGE_SIZE = 30
MOST_COUNTED = 10_000
"""Rows of a long list that are counted and can be paged through; filters lead to the others."""
SEE_OTHER = 303


class PortalRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[PortalRequest, P], HttpResponse]


def page(
    *methods: str, beside: bool = False
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A page for people who have signed in; ``Forbidden`` becomes the 403 page with its message.

    What is only shown ``beside`` a form that is being filled in never leads away from it to the sign-in page.
    """

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, User):
                return HttpResponse(status=401) if beside and _by_htmx(request) else _to_login(request)
            if (unsent := offered(request)) is not None:
                return unsent
            if request.method not in methods:
                return _not_allowed(request, methods)
            try:
                answer = view(cast(PortalRequest, request), *args, **kwargs)
            except Forbidden as refusal:
                raise PermissionDenied(refusal.message) from refusal
            tell_writer(request, answer)
            return answer

        return guarded

    return decorate


def _not_allowed(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """Whoever opens the address of a form's button reads what it is."""
    answer = HttpResponseNotAllowed(methods)
    if request.method == "GET":
        answer.content = render_to_string("405.html", request=request)
    return answer


def _to_login(request: HttpRequest) -> HttpResponse:
    keep(request)
    target = redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(target.url) if _by_htmx(request) else target


def _by_htmx(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def refuse_unless(allowed: bool) -> None:
    """The 403 page unless ``allowed``."""
    if not allowed:
        raise PermissionDenied


def attempt(request: HttpRequest, verb: Callable[[], T], *, done: str = "") -> T | None:
    """Run a verb; what it or the database refuses becomes a message, and None is returned.

    ``Forbidden`` passes through to the 403 page.
    """
    try:
        with database_refusals():
            result = verb()
    except Forbidden:
        raise
    except Refusal as refusal:
        messages.error(request, in_words(refusal))
        return None
    if done:
        messages.success(request, done)
    return result


def in_words(refusal: Refusal) -> str:
    """A refusal without the names of its fields."""
    if isinstance(refusal, Invalid):
        return " ".join(text for texts in refusal.fields.values() for text in texts)
    return refusal.message


def status_of(refusal: Refusal) -> int:
    """409 for a conflict, 422 for input that can be mended."""
    return 409 if isinstance(refusal, Conflict) else 422


def back(request: HttpRequest, fallback: str, *args: Any) -> HttpResponseRedirect:
    """To the page named by ``next`` where it is ours, else to ``fallback``."""
    return see_other(own_address(request, request.POST.get("next", "")) or resolve_url(fallback, *args))


def own_address(request: HttpRequest, wanted: str) -> str:
    """``wanted`` where it is an address of this portal, else nothing: whoever writes a link writes it."""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""


def see_other(url: str) -> HttpResponseRedirect:
    """The answer to a form that was taken: show this page."""
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response


class LongPaginator(Paginator[Any]):
    """Counts no further than ``MOST_COUNTED``: a page of a very long list costs what a short one does.

    ``is_cut`` tells that there are more.
    """

    @cached_property
    def found(self) -> int:
        """Rows, at most one more than are paged through."""
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by()[: MOST_COUNTED + 1].count()
        return len(self.object_list)

    @cached_property
    def count(self) -> int:
        """Rows that can be paged through."""
        return min(self.found, MOST_COUNTED) if self.is_cut else self.found

    @property
    def is_cut(self) -> bool:
        """Whether the list is longer than can be paged through."""
        return isinstance(self.object_list, QuerySet) and self.found > MOST_COUNTED


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[T], size: int = PAGE_SIZE) -> Page[Any]:
    """The page that ``?page=`` asks for; the nearest one where there is no such page."""
    return LongPaginator(rows, size).get_page(request.GET.get("page"))


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """How many of several objects were changed, and why the others were not."""

    done: int
    problems: tuple[str, ...]


def bulk(items: Iterable[T], verb: Callable[[T], object], name: Callable[[T], str]) -> BulkOutcome:
    """One verb on several objects, each for itself; what can't be done is told, the rest is done."""
    done, problems = 0, []
    for item in items:
        try:
            with database_refusals():
                verb(item)
        except Refusal as refusal:
            problems.append(f"{name(item)}: {in_words(refusal)}")
        else:
            done += 1
    return BulkOutcome(done=done, problems=tuple(problems))


def tell_outcome(request: HttpRequest, outcome: BulkOutcome) -> None:
    """Messages about a bulk action."""
    if outcome.done:
        text = ngettext("%(count)d entry changed.", "%(count)d entries changed.", outcome.done)
        messages.success(request, text % {"count": outcome.done})
    for problem in outcome.problems:
        messages.error(request, problem)


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the portal; ``matching/`` stands before every template name."""
    return render(request, f"matching/{template}", context, status=status)
