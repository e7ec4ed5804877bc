"""E-mails with notices: text and HTML in the person's language, with a link that ends them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import User
from matching.notices.models import Notice, Topic

LONGEST_SUBJECT = 150


def letter(
    user: User, notices: Sequence[Notice], *, unsubscribe: str, digest: bool
) -> EmailMultiAlternatives:
    """One e-mail with these notices; ``unsubscribe`` is the path of the page that ends them."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject = _count(len(notices)) if digest else " ".join(notices[0].text.split())
        context = {
            "subject": subject,
            "groups": _by_topic(notices) if digest else [("", list(notices))],
            "site": settings.SITE_URL,
            "unsubscribe": unsubscribe,
        }
        text = render_to_string("matching/notices/letter.txt", context)
        page = render_to_string("matching/notices/letter.html", context)
    headers = {
        "List-Unsubscribe": f"<{settings.SITE_URL}{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(subject[:LONGEST_SUBJECT], text, None, [user.email], headers=headers)
    message.attach_alternative(page, "text/html")
    return message


def _count(notices: int) -> str:
    return ngettext("ChainMatch: %(count)d new notice", "ChainMatch: %(count)d new notices", notices) % {
        "count": notices
    }


def _by_topic(notices: Sequence[Notice]) -> list[tuple[str, list[Notice]]]:
    order = {topic.value: place for place, topic in enumerate(Topic)}
    ordered = sorted(notices, key=lambda notice: order[notice.topic])
    return [
        (str(Topic(topic).label), list(group)) for topic, group in groupby(ordered, lambda one: one.topic)
    ]
