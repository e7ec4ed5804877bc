"""E-mails with notices: text and HTML in the person's language, with a link that ends them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.mime.base import MIMEBase
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import ngettext

from accounts.models import User
from matching.notices.models import Notice, Topic

LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What a letter carries beside a notice: a link of its own in place of the notice's, and files.

    It is made when the letter is, so that neither the link nor the files are stored.
    """

    link: str = ""
    parts: tuple[MIMEBase, ...] = ()


Enclose = Callable[[Notice], Enclosure]


def letter(
    user: User, notices: Sequence[Notice], *, unsubscribe: str, digest: bool
) -> EmailMultiAlternatives:
    """One e-mail with these notices; ``unsubscribe`` is the path of the page that ends them."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        parts = [part for notice in notices for part in _enclosed(notice)]
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
    for part in parts:
        message.attach(part)
    return message


def _enclosed(notice: Notice) -> tuple[MIMEBase, ...]:
    """The files that go with a notice; its link becomes the one of the letter."""
    if not notice.enclosed:
        return ()
    enclose: Enclose = import_string(settings.NOTICE_ENCLOSERS[notice.enclosed.partition(" ")[0]])
    enclosure = enclose(notice)
    notice.link = enclosure.link or notice.link
    return enclosure.parts


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
