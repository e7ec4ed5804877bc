"""Calendar files: of one invitation, and the address to subscribe to."""

from __future__ import annotations

import hashlib
import uuid
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching.invitations import queries, services
from matching.invitations.ics import CONTENT_TYPE, published
from matching.invitations.models import CalendarAddress
from matching.pages import PortalRequest, page, see_other, show


@page("GET")
def invitation_calendar(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The appointments of one invitation for a calendar program."""
    invitation = get_object_or_404(queries.invitations(request.user), pk=pk)
    body = published(queries.entries_of(invitation), {invitation.organisation_id})
    answer = HttpResponse(body, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{invitation.meeting.date:%Y-%m-%d}.ics"'
    return answer


@page("GET", "POST")
def calendar_address(request: PortalRequest) -> HttpResponse:
    """The secret address of one's calendar: made, made anew, ended; shown once."""
    if request.POST.get("action") == "revoke":
        services.revoke_address(actor=request.user)
        messages.success(request, _("The address has ended."))
        return see_other(resolve_url("calendar_address"))
    url = ""
    if request.method == "POST":
        _address, secret = services.make_address(actor=request.user)
        url = settings.SITE_URL + resolve_url("calendar_feed", secret)
    context = {
        "address": CalendarAddress.objects.visible_to(request.user).first(),
        "url": url,
        "webcal": url.replace("https://", "webcal://", 1) if url.startswith("https://") else "",
    }
    return show(request, "invitations/calendar.html", context, status=201 if url else 200)


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What calendar programs read, by the secret address alone; unknown and ended ones answer the same."""
    person = queries.person_of_address(secret)
    if person is None:
        raise Http404
    # Whoever reads is the owner of the address: what is shown of others is noted for this reader.
    request.user = person
    entries = list(queries.feed_entries(person))
    with translation.override(person.language or settings.LANGUAGE_CODE):
        body = published(entries, {held.organisation_id for held in person.active_memberships})
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = max((int(entry.changed_at.timestamp()) for entry in entries), default=None)
    answer = HttpResponse(body, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "private, no-cache"
    answer["ETag"] = etag
    if changed is not None:
        answer["Last-Modified"] = http_date(changed)
    return cast(HttpResponse, get_conditional_response(request, etag, changed, answer))
