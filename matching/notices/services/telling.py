"""What people are told, once, in the way they chose."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from matching.notices.models import Mail, Notice, NoticePreference, OutboxMessage, Topic


def tell(
    *,
    users: Iterable[User],
    key: str,
    zh: str,
    en: str,
    link: str = "",
    topic: Topic = Topic.GENERAL,
    enclosed: str = "",
) -> list[Notice]:
    """Tell people something once: the same ``key`` never reaches the same person twice.

    ``enclosed`` names what a letter carries beside the words (``settings.NOTICE_ENCLOSERS``).

    Side effects: one notice a person who wants to be told of the topic, and one e-mail task where it is
    wanted at once and there is an address; four queries whatever the number of people.
    """
    people = {user.pk: user for user in users}
    if not people:
        return []
    wishes = {wish.user_id: wish for wish in NoticePreference.objects.filter(user__in=people, topic=topic)}
    wanted = []
    for user in people.values():
        wish = wishes.get(user.pk, NoticePreference(topic=topic))
        if wish.portal or wish.mail != Mail.NEVER:
            words = {"text_zh": zh, "text_en": en, "link": link, "enclosed": enclosed}
            way = {"topic": topic, "portal": wish.portal, "mail": wish.mail}
            wanted.append(Notice(user=user, key=key, **words, **way))
    Notice.objects.bulk_create(wanted, ignore_conflicts=True)
    # Of a notice that somebody has got before, the new id is not stored.
    stored = set(Notice.objects.filter(pk__in=[one.pk for one in wanted]).values_list("pk", flat=True))
    told = [notice for notice in wanted if notice.pk in stored]
    OutboxMessage.objects.bulk_create(
        OutboxMessage(task="notices.mail_notice", arguments=[str(notice.pk)])
        for notice in told
        if notice.mail == Mail.AT_ONCE and notice.user.email
    )
    return told


def mark_read(*, user: User) -> int:
    """All notices that the portal shows a person become read; those for letters alone still go out."""
    return Notice.objects.visible_to(user).filter(read_at=None).update(read_at=timezone.now())
