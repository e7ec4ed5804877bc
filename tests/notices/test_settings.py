"""How people want to be told: settings, gathered letters, and the link that ends them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from matching.notices.models import Mail, Notice, NoticePreference, OutboxMessage, Topic
from matching.notices.services import (
    Wish,
    choose,
    end_mail,
    mail_digest,
    mail_notice,
    mark_read,
    queue_digests,
    tell,
    token_of,
)
from matching.notices.services.mailing import last_gathering
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
"""Half past eight in Taiyuan."""
SITE = "https://match.example.cn"


@pytest.fixture
def clerk(settings: Settings) -> User:
    """A person of a firm with an address."""
    settings.SITE_URL = SITE
    user = factories.make_user(Role.MEMBER_FIRM)
    user.email = "clerk@example.cn"
    user.save()
    return user


def _told(user: User, key: str, at: datetime, topic: Topic = Topic.LISTS) -> Notice:
    tell(users=[user], key=key, zh=f"消息{key}", en=f"News {key}", link=f"/x/{key}/", topic=topic)
    Notice.objects.filter(user=user, key=key).update(created_at=at)
    return Notice.objects.get(user=user, key=key)


def _gathers(user: User, frequency: Mail) -> None:
    choose(user=user, wishes={topic: Wish(portal=True, mail=frequency) for topic in Topic})


def test_without_settings_people_are_told_here_and_at_once(clerk: User) -> None:
    notice = _told(clerk, "1", MONDAY)
    assert (notice.portal, notice.mail) == (True, Mail.AT_ONCE)
    assert OutboxMessage.objects.filter(task="notices.mail_notice").count() == 1


@pytest.mark.parametrize(
    ("portal", "wanted", "stored", "shown", "letters"),
    [
        (True, Mail.NEVER, 1, 1, 0),
        (False, Mail.AT_ONCE, 1, 0, 1),
        (False, Mail.NEVER, 0, 0, 0),
        (True, Mail.DAILY, 1, 1, 0),
    ],
)
def test_a_topic_comes_the_way_it_is_wanted(
    clerk: User, portal: bool, wanted: Mail, stored: int, shown: int, letters: int
) -> None:
    choose(user=clerk, wishes={Topic.LISTS: Wish(portal, wanted)})
    tell(users=[clerk], key="1", zh="消息", en="News", topic=Topic.LISTS)
    tell(users=[clerk], key="2", zh="消息", en="News", topic=Topic.MEETINGS)
    lists = Notice.objects.filter(topic=Topic.LISTS)
    assert (lists.count(), lists.visible_to(clerk).count()) == (stored, shown)
    assert OutboxMessage.objects.filter(task="notices.mail_notice").count() == letters + 1


def test_gathered_notices_go_out_in_one_letter_once(clerk: User) -> None:
    _gathers(clerk, Mail.DAILY)
    yesterday = MONDAY - timedelta(hours=20)
    _told(clerk, "1", yesterday)
    _told(clerk, "2", yesterday, Topic.PUBLISHED)
    _told(clerk, "3", MONDAY - timedelta(minutes=10))
    _told(clerk, "4", yesterday)
    Notice.objects.filter(key="4").update(read_at=MONDAY)
    assert queue_digests(now=MONDAY) == 1
    message = OutboxMessage.objects.get(task="notices.mail_digest")
    assert message.arguments == [str(clerk.pk), "daily"]
    sent = [mail_digest(user_id=clerk.pk, frequency=Mail.DAILY, now=MONDAY) for _ in range(2)]
    assert sent == [2, 0]
    (letter,) = mail.outbox
    assert letter.subject == "ChainMatch：2 条新通知"
    expected = ("消息1", "消息2", f"{SITE}/x/1/", "本单位清单条目")
    assert [word for word in expected if word not in letter.body] == []
    assert "消息3" not in letter.body
    assert "消息4" not in letter.body
    assert queue_digests(now=MONDAY) == 0
    assert queue_digests(now=MONDAY + timedelta(days=1)) == 1


def test_weekly_letters_wait_for_monday(clerk: User) -> None:
    _gathers(clerk, Mail.WEEKLY)
    _told(clerk, "1", MONDAY - timedelta(days=3))
    assert queue_digests(now=MONDAY - timedelta(days=1)) == 0
    assert queue_digests(now=MONDAY) == 1


def test_mornings_are_of_the_programmes_zone() -> None:
    early = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)
    assert last_gathering(Mail.DAILY, early) == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    later = early + timedelta(minutes=1)
    assert last_gathering(Mail.DAILY, later) == datetime(2026, 11, 26, 0, 0, tzinfo=UTC)
    assert last_gathering(Mail.WEEKLY, early) == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def test_what_the_mail_server_refused_is_gathered_again(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    _gathers(clerk, Mail.DAILY)
    _told(clerk, "1", MONDAY - timedelta(days=1))

    def refuse(*_arguments: object, **_options: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(ConnectionRefusedError):
            mail_digest(user_id=clerk.pk, frequency=Mail.DAILY, now=MONDAY)
    assert queue_digests(now=MONDAY + timedelta(minutes=15)) == 1
    assert mail_digest(user_id=clerk.pk, frequency=Mail.DAILY, now=MONDAY) == 1
    assert len(mail.outbox) == 1


def test_reading_the_portal_takes_nothing_out_of_letters_that_the_portal_never_showed(clerk: User) -> None:
    choose(user=clerk, wishes={Topic.LISTS: Wish(portal=False, mail=Mail.DAILY)})
    _told(clerk, "1", MONDAY - timedelta(days=1))
    _told(clerk, "2", MONDAY - timedelta(days=1), Topic.MEETINGS)
    assert mark_read(user=clerk) == 1
    assert mail_digest(user_id=clerk.pk, frequency=Mail.DAILY, now=MONDAY) == 1


def test_letters_speak_the_persons_language_in_text_and_html(clerk: User) -> None:
    clerk.language = "en"
    clerk.save()
    notice = _told(clerk, "<1>", MONDAY)
    assert mail_notice(notice_id=notice.pk, now=MONDAY)
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    assert letter.subject == "News <1>"
    assert "No more e-mails" in letter.body
    ((page, kind),) = letter.alternatives
    assert kind == "text/html"
    assert "News &lt;1&gt;" in str(page)


def test_one_click_ends_the_letters_without_signing_in(clerk: User) -> None:
    waiting = _told(clerk, "1", MONDAY)
    _told(clerk, "2", MONDAY)
    mail_notice(notice_id=Notice.objects.get(key="2").pk, now=MONDAY)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(address).status_code == 200
    assert NoticePreference.objects.count() == 0
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert mail_notice(notice_id=waiting.pk, now=MONDAY) is False
    _told(clerk, "3", MONDAY)
    assert Notice.objects.get(key="3").mail == Mail.NEVER
    assert Notice.objects.visible_to(clerk).count() == 3


def test_a_forged_link_ends_nothing(clerk: User) -> None:
    token = token_of(clerk)
    for forged in (f"{token}x", token.replace(":", "x", 1), str(clerk.pk)):
        assert Client().post(reverse("notice_unsubscribe", args=[forged])).status_code == 404
    assert NoticePreference.objects.count() == 0


def test_ending_letters_keeps_what_the_portal_shows(clerk: User) -> None:
    choose(user=clerk, wishes={Topic.RULES: Wish(portal=False, mail=Mail.DAILY)})
    end_mail(user=clerk)
    held = dict(NoticePreference.objects.values_list("topic", "portal"))
    assert held == {topic: topic != Topic.RULES for topic in Topic}


def test_the_settings_page_stores_what_was_chosen(clerk: User) -> None:
    client = Client()
    client.force_login(clerk)
    page = client.get(reverse("notice_settings")).content.decode()
    assert "clerk@example.cn" in page
    assert "rules-mail" not in page
    form = {f"{topic}-mail": "daily" for topic in ("lists", "matches", "published", "meetings", "rounds")}
    answer = client.post(reverse("notice_settings"), {**form, "general-mail": "never", "lists-portal": "on"})
    assert answer.status_code == 303
    chosen = NoticePreference.objects.values_list("topic", "portal", "mail")
    assert set(chosen) == {
        ("lists", True, "daily"),
        *((topic, False, "daily") for topic in ("matches", "published", "meetings", "rounds")),
        ("general", False, "never"),
    }
    wrong = client.post(reverse("notice_settings"), {**form, "general-mail": "hourly"})
    assert wrong.status_code == 422


def test_the_list_of_notices_shows_days_and_can_show_the_unread_alone(clerk: User) -> None:
    _told(clerk, "1", MONDAY)
    _told(clerk, "2", MONDAY - timedelta(days=1))
    Notice.objects.filter(key="1").update(read_at=MONDAY)
    client = Client()
    client.force_login(clerk)
    everything = client.get(reverse("notice_list")).content.decode()
    assert [day in everything for day in ("2026-11-23", "2026-11-22")] == [True, True]
    unread = client.get(reverse("notice_list"), {"unread": ""}).content.decode()
    assert "消息2" in unread
    assert "消息1" not in unread
    client.post(reverse("notices_read"))
    assert "没有未读通知" in client.get(reverse("notice_list"), {"unread": ""}).content.decode()
