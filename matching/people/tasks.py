"""What leaves after the commit, and what is forgotten: invitations."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import timezone, translation

from matching.notices.tasks import MAIL_REFUSED
from matching.people import services
from matching.people.models import RoleRequest
from matching.people.queries import LINK_DAYS, link_token
from matching.people.states import RoleState

RETRY_SECONDS = 60
"""Less than the broker's visibility timeout, so that a waiting e-mail is not handed to a second worker."""


@shared_task(
    name="people.mail_invitation",
    autoretry_for=MAIL_REFUSED,
    default_retry_delay=RETRY_SECONDS,
    max_retries=LINK_DAYS * 86_400 // RETRY_SECONDS,
)
def mail_invitation(request_id: str, invited_at: str) -> None:
    """The link by which a person accepts, unless the invitation has moved on since.

    A mail server that is down is asked again every minute. Run twice, it writes the same e-mail twice.
    """
    rows = RoleRequest.objects.select_related("organisation", "asked_by")
    request = rows.filter(
        pk=uuid.UUID(request_id), state=RoleState.INVITED, invited_at=datetime.fromisoformat(invited_at)
    ).first()
    if request is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string(
            "matching/people/mail_invitation.txt",
            {
                "request": request,
                "link": settings.SITE_URL + resolve_url("role_accept", link_token(request)),
                "days": LINK_DAYS,
            },
        )
    subject, _, body = text.strip().partition("\n")
    send_mail(subject, body.strip(), None, [request.email])


@shared_task(name="people.forget_unfinished")
def forget_unfinished() -> None:
    """Forget people who were asked for and never came."""
    kept = timedelta(days=settings.RETENTION_DAYS["role_requests"])
    services.forget_unfinished(before=timezone.now() - kept)
