"""How people want to be told, and the link in every letter that ends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.core import signing
from django.db import transaction

from accounts.models import User
from matching.notices.models import Mail, Notice, NoticePreference, Topic

SALT = "notices.unsubscribe"


class Wish(NamedTuple):
    """How to tell somebody of a topic."""

    portal: bool
    mail: Mail


def choose(*, user: User, wishes: Mapping[Topic, Wish]) -> None:
    """Store how a person wants to be told of these topics.

    Side effects: letters that wait and are not wanted any more are not sent.
    """
    rows = [
        NoticePreference(user=user, topic=topic, portal=wish.portal, mail=wish.mail)
        for topic, wish in wishes.items()
    ]
    with transaction.atomic():
        NoticePreference.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["user", "topic"], update_fields=["portal", "mail"]
        )
        quiet = [topic for topic, wish in wishes.items() if wish.mail == Mail.NEVER]
        Notice.objects.filter(user=user, topic__in=quiet, mailed_at=None).update(mail=Mail.NEVER)


def end_mail(*, user: User) -> None:
    """No e-mail to that person any more; what is shown in the portal stays as it is.

    Side effects: as those of ``choose`` for every topic.
    """
    held = dict(NoticePreference.objects.filter(user=user).values_list("topic", "portal"))
    choose(user=user, wishes={topic: Wish(held.get(topic, True), Mail.NEVER) for topic in Topic})


def token_of(user: User) -> str:
    """What stands in a letter's link and lets its reader end the letters without signing in."""
    return signing.dumps(user.pk, salt=SALT)


def person_of(token: str) -> User | None:
    """Whom a link's token was written for; None for any other text."""
    try:
        return User.objects.filter(pk=signing.loads(token, salt=SALT), is_active=True).first()
    except signing.BadSignature:
        return None
