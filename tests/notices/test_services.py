"""The outbox and e-mail: nothing is lost with the broker or the mail server, nothing comes twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from matching.notices.models import Notice, OutboxMessage
from matching.notices.services import deliver, enqueue, forget_sent, tell, unmailed
from matching.notices.tasks import mail_notice
from tests import factories

pytestmark = pytest.mark.django_db


def _person() -> User:
    user = factories.make_user(Role.MEMBER_FIRM)
    user.email = "clerk@example.cn"
    user.save()
    return user


def test_messages_are_sent_once_in_order() -> None:
    for number in range(3):
        enqueue(task="some.task", arguments=[number])
    sent: list[Any] = []
    for _ in range(2):
        deliver(send=lambda task, arguments: sent.append((task, arguments)))
    assert sent == [("some.task", ["0"]), ("some.task", ["1"]), ("some.task", ["2"])]


def test_a_silent_broker_keeps_what_it_took_and_the_rest_waits() -> None:
    for number in range(3):
        enqueue(task="some.task", arguments=[number])
    sent: list[Any] = []

    def send(task: str, arguments: list[object]) -> None:
        if arguments == ["1"] and len(sent) == 1:
            sent.append("broken")
            raise ConnectionError
        sent.append(arguments)

    assert deliver(send=send) == 1
    assert deliver(send=send) == 2
    assert sent == [["0"], "broken", ["1"], ["2"]]
    assert OutboxMessage.objects.filter(sent_at=None).count() == 0


def test_the_same_news_reaches_a_person_once() -> None:
    user = _person()
    for _ in range(2):
        tell(users=[user], key="news", zh="消息", en="News")
    assert Notice.objects.filter(user=user).count() == 1
    assert OutboxMessage.objects.filter(task="notices.mail_notice").count() == 1


def test_a_notice_is_mailed_once_with_an_address_that_opens(settings: Any) -> None:
    settings.SITE_URL = "https://match.example.cn"
    user = _person()
    tell(users=[user], key="news", zh="被退回:缺少\n证书编号", en="Returned", link="/notices/")
    notice = Notice.objects.get(user=user)
    for _ in range(2):
        mail_notice(str(notice.pk))
    assert [(letter.subject, letter.to) for letter in mail.outbox] == [
        ("被退回:缺少 证书编号", ["clerk@example.cn"])
    ]
    assert "https://match.example.cn/notices/" in mail.outbox[0].body


def test_what_the_mail_server_refused_is_tried_again() -> None:
    user = _person()
    tell(users=[user], key="news", zh="消息", en="News")
    notice = Notice.objects.get(user=user)
    since = timezone.now() - timedelta(days=3)
    assert unmailed(since=since) == []
    Notice.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert unmailed(since=since) == [notice.pk]
    mail_notice(str(notice.pk))
    assert unmailed(since=since) == []


def test_the_outbox_forgets_what_was_sent_long_ago() -> None:
    enqueue(task="old")
    deliver(send=lambda task, arguments: None)
    enqueue(task="waiting")
    assert forget_sent(before=timezone.now() + timedelta(seconds=1)) == 1
    assert list(OutboxMessage.objects.values_list("task", flat=True)) == ["waiting"]
