"""Tasks of the outbox and of e-mail."""

from __future__ import annotations

from datetime import timedelta

from celery import current_app, shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from matching.notices import services
from matching.notices.models import Notice


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
    with transaction.atomic():
        notice = Notice.objects.select_for_update().select_related("user").get(pk=notice_id)
        if notice.mailed_at is not None or not notice.user.is_active:
            return
        with translation.override(notice.user.language or "zh-hans"):
            text = " ".join(notice.text.split())
            link = f"{settings.SITE_URL}{notice.link}"
            send_mail(text, f"{text}\n\n{link}", None, [notice.user.email])
        notice.mailed_at = timezone.now()
        notice.save(update_fields=["mailed_at"])


@shared_task(name="notices.mail_again")
def mail_again() -> None:
    """Try again what the mail server did not take."""
    for notice_id in services.unmailed(since=timezone.now() - timedelta(days=3)):
        mail_notice.delay(str(notice_id))


@shared_task(name="notices.forget_sent")
def forget_sent() -> None:
    """Clear the outbox of what was sent long ago."""
    services.forget_sent(before=timezone.now() - timedelta(days=7))
