"""Tasks of the outbox and of e-mail."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from smtplib import SMTPException

from celery import current_app, shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from matching.notices import services
from matching.notices.models import Mail

log = logging.getLogger(__name__)
MAIL_REFUSED = (OSError, SMTPException)
"""What a mail server that is down or refuses raises; the next sweep tries again."""


def _send(task: str, arguments: list[object]) -> None:
    try:
        current_app.send_task(task, args=arguments, retry=False)
    except (OperationalError, RedisError) as error:
        raise ConnectionError(str(error)) from error


@shared_task(name="notices.deliver_outbox")
def deliver_outbox() -> None:
    """Sweep the outbox."""
    services.deliver(send=_send)


@shared_task(name="notices.mail_notice")
def mail_notice(notice_id: str) -> None:
    """Send one notice as e-mail, once."""
    try:
        services.mail_notice(notice_id=uuid.UUID(notice_id), now=timezone.now())
    except MAIL_REFUSED as error:
        log.warning("a notice was not mailed: %s", error)


@shared_task(name="notices.mail_digest")
def mail_digest(user_id: str, frequency: str) -> None:
    """Send what was gathered for a person, once."""
    try:
        services.mail_digest(user_id=int(user_id), frequency=Mail(frequency), now=timezone.now())
    except MAIL_REFUSED as error:
        log.warning("gathered notices were not mailed: %s", error)


@shared_task(name="notices.mail_again")
def mail_again() -> None:
    """Try again what the mail server did not take."""
    for notice_id in services.unmailed(since=timezone.now() - timedelta(days=3)):
        mail_notice.delay(str(notice_id))


@shared_task(name="notices.queue_digests")
def queue_digests() -> None:
    """Ask for the letters that are due; those that failed are due again."""
    services.queue_digests(now=timezone.now())


@shared_task(name="notices.forget_sent")
def forget_sent() -> None:
    """Clear the outbox of what was sent long ago, and notices of what nobody looks up any more."""
    now = timezone.now()
    services.forget_sent(before=now - timedelta(days=7))
    services.forget_notices(before=now - timedelta(days=settings.RETENTION_DAYS["notices"]))
