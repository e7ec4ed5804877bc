"""Tasks of the outbox and of e-mail."""

from __future__ import annotations

from celery import current_app, shared_task
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from matching.notices import services
from matching.notices.models import Notice


def _send(task: str, arguments: list[object]) -> None:
    try:
        current_app.send_task(task, args=arguments, retry=False)
    except OperationalError as error:
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
            send_mail(notice.text, f"{notice.text}\n\n{notice.link}", None, [notice.user.email])
        notice.mailed_at = timezone.now()
        notice.save(update_fields=["mailed_at"])
