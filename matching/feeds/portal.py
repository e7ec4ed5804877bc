"""Pages of webhooks: the list, one with its messages, and what can be done with them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.errors import Forbidden, Invalid, Refusal
from matching.feeds import access, queries, services
from matching.feeds.forms import DeliveryFilter, ReplayForm, WebhookForm
from matching.feeds.models import WebhookEndpoint
from matching.feeds.services import Issued
from matching.feeds.sources import BY_EVENT
from matching.feeds.states import EndpointAction, EndpointState
from matching.pages import PortalRequest, attempt, in_words, page, page_of, refuse_unless, see_other, show


@page("GET")
def webhook_list(request: PortalRequest) -> HttpResponse:
    """The organisation's webhooks and how each of them does."""
    refuse_unless(access.may_have_webhooks(request.user))
    rows = [(endpoint, queries.figures(endpoint)) for endpoint in queries.endpoints(request.user)]
    return show(request, "feeds/webhook_list.html", {"rows": rows})


@page("GET", "POST")
def webhook_create(request: PortalRequest) -> HttpResponse:
    """Set one up; its secret is shown in the answer, and never again."""
    refuse_unless(access.may_have_webhooks(request.user))
    form = WebhookForm(_sent(request), owners=access.owners(request.user), offices=request.user.is_office)
    if form.is_bound and form.is_valid():
        verb = partial(
            services.create, actor=request.user, organisation_id=form.chosen_organisation(), **form.values()
        )
        issued = _tried(form, verb)
        if issued is not None:
            return _detail(request, issued.endpoint, issued)
    context = {"form": form, "title": _("New webhook")}
    return show(request, "feeds/webhook_form.html", context, status=422 if form.is_bound else 200)


@page("GET", "POST")
def webhook_edit(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Change address, note and events."""
    endpoint = _endpoint(request, pk)
    start = {"url": endpoint.url, "description": endpoint.description, "events": endpoint.events}
    form = WebhookForm(_sent(request), initial=start, offices=request.user.is_office)
    if form.is_bound and form.is_valid():
        verb = partial(services.change, actor=request.user, endpoint_id=endpoint.pk, **form.values())
        if _tried(form, verb) is not None:
            messages.success(request, _("Saved."))
            return see_other(resolve_url("webhook_detail", endpoint.pk))
    context = {"form": form, "title": _("Change the webhook"), "endpoint": endpoint}
    return show(request, "feeds/webhook_form.html", context, status=422 if form.is_bound else 200)


def _sent(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _tried(form: WebhookForm, verb: Callable[[], Any]) -> Any:
    """What the verb gives; None where it refused, which the form then tells."""
    try:
        return verb()
    except Forbidden:
        raise
    except Invalid as refusal:
        form.add_problems(refusal)
    except Refusal as refusal:
        form.add_error(None, in_words(refusal))
    return None


def _endpoint(request: PortalRequest, pk: uuid.UUID) -> WebhookEndpoint:
    return get_object_or_404(queries.endpoints(request.user), pk=pk)


@page("GET")
def webhook_detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One webhook: what it is told, how it does, its last messages."""
    return _detail(request, _endpoint(request, pk))


def _detail(request: PortalRequest, endpoint: WebhookEndpoint, issued: Issued | None = None) -> HttpResponse:
    filters = DeliveryFilter(request.GET)
    rows = queries.deliveries(endpoint)
    if filters.is_valid() and filters.cleaned_data["state"]:
        rows = rows.filter(state=filters.cleaned_data["state"])
    context = {
        "endpoint": endpoint,
        "active": endpoint.state == EndpointState.ACTIVE,
        "events": [BY_EVENT[event].label for event in endpoint.events if event in BY_EVENT],
        "figures": queries.figures(endpoint),
        "page": page_of(request, rows),
        "filters": filters,
        "replay": ReplayForm(),
        "secret": issued.secret if issued else None,
    }
    answer = show(request, "feeds/webhook_detail.html", context)
    if issued:
        answer["Cache-Control"] = "no-store"
    return answer


@page("POST")
def webhook_act(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Switch off, switch on, or send a test."""
    endpoint = _endpoint(request, pk)
    wanted = request.POST.get("action", "")
    on = partial(services.act, actor=request.user, endpoint_id=endpoint.pk)
    verbs: dict[str, tuple[Callable[[], object], str]] = {
        "pause": (partial(on, action=EndpointAction.PAUSE), _("Switched off.")),
        "resume": (
            partial(on, action=EndpointAction.RESUME),
            _("Switched on; what it has missed is sent now."),
        ),
        "test": (
            partial(services.send_test, actor=request.user, endpoint_id=endpoint.pk),
            _("A test message is on its way; load the page anew in a few seconds."),
        ),
    }
    if wanted in verbs:
        verb, done = verbs[wanted]
        attempt(request, verb, done=done)
    return see_other(resolve_url("webhook_detail", endpoint.pk))


@page("POST")
def webhook_rotate(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A new secret, shown in the answer and never again."""
    endpoint = _endpoint(request, pk)
    issued = services.rotate(actor=request.user, endpoint_id=endpoint.pk)
    return _detail(request, issued.endpoint, issued)


@page("POST")
def webhook_remove(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Remove it with its log."""
    endpoint = _endpoint(request, pk)
    services.remove(actor=request.user, endpoint_id=endpoint.pk)
    messages.success(request, _("The webhook was removed."))
    return see_other(resolve_url("webhook_list"))


@page("POST")
def webhook_replay(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Send all messages since a time once more."""
    endpoint = _endpoint(request, pk)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a day and a time."))
        return see_other(resolve_url("webhook_detail", endpoint.pk))
    since = form.cleaned_data["since"]
    verb = partial(services.replay_since, actor=request.user, endpoint_id=endpoint.pk, since=since)
    count = attempt(request, verb)
    if count is not None:
        told = ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", count)
        messages.success(request, told % {"count": count})
    return see_other(resolve_url("webhook_detail", endpoint.pk))


@page("POST")
def delivery_replay(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Send one message once more."""
    delivery = get_object_or_404(queries.all_deliveries(request.user), pk=pk)
    attempt(
        request,
        partial(services.replay, actor=request.user, delivery_id=delivery.pk),
        done=_("The message is sent again."),
    )
    return see_other(resolve_url("webhook_detail", delivery.endpoint_id))


urlpatterns = [
    path("webhooks/", webhook_list, name="webhook_list"),
    path("webhooks/new/", webhook_create, name="webhook_create"),
    path("webhooks/<uuid:pk>/", webhook_detail, name="webhook_detail"),
    path("webhooks/<uuid:pk>/edit/", webhook_edit, name="webhook_edit"),
    path("webhooks/<uuid:pk>/act/", webhook_act, name="webhook_act"),
    path("webhooks/<uuid:pk>/rotate/", webhook_rotate, name="webhook_rotate"),
    path("webhooks/<uuid:pk>/remove/", webhook_remove, name="webhook_remove"),
    path("webhooks/<uuid:pk>/replay/", webhook_replay, name="webhook_replay"),
    path("webhook-deliveries/<uuid:pk>/replay/", delivery_replay, name="delivery_replay"),
]
