"""E-mails to firms that ask to join; they have no account yet."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import timezone, translation

from matching.joining import services
from matching.joining.models import JoinRequest
from matching.joining.queries import LINK_DAYS, link_token
from matching.joining.states import JoinState
from matching.notices.tasks import MAIL_REFUSED

RETRY_SECONDS = 60
"""Less than the broker's visibility timeout, so that a waiting e-mail is not handed to a second worker."""


@shared_task(
    name="joining.mail",
    autoretry_for=MAIL_REFUSED,
    default_retry_delay=RETRY_SECONDS,
    max_retries=LINK_DAYS * 86_400 // RETRY_SECONDS,
)
def mail(request_id: str, state: str) -> None:
    """Write to the firm what its request waits for; nothing when it has moved on since.

    A mail server that is down is asked again every minute. Run twice, it writes the same e-mail twice.
    """
    request = JoinRequest.objects.select_related("account").get(pk=request_id)
    if request.state != state:
        return
    with translation.override(request.language):
        text = render_to_string(
            f"matching/joining/mail_{request.state}.txt",
            {"request": request, "link": f"{settings.SITE_URL}{_path(request)}", "days": _days(request)},
        )
    subject, _, body = text.strip().partition("\n")
    send_mail(subject, body.strip(), None, [request.email])


def _days(request: JoinRequest) -> int:
    """How long the link holds."""
    if request.state == JoinState.VERIFIED:
        return int(settings.PASSWORD_RESET_TIMEOUT) // 86_400
    return LINK_DAYS


def _path(request: JoinRequest) -> str:
    if request.state == JoinState.VERIFIED and request.account is not None:
        return resolve_url(
            "account_reset_password_from_key",
            uidb36=user_pk_to_url_str(request.account),
            key=default_token_generator.make_token(request.account),
        )
    page = "join_confirm" if request.state == JoinState.UNCONFIRMED else "join_correct"
    return resolve_url(page, link_token(request))


@shared_task(name="joining.forget_unfinished")
def forget_unfinished() -> None:
    """Forget people whose requests led nowhere."""
    kept = timedelta(days=settings.RETENTION_DAYS["join_requests"])
    services.forget_unfinished(before=timezone.now() - kept)
