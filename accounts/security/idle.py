"""Accounts that nobody uses are switched off, after a letter (GB/T 22239-2019 8.1.4.1: 多余的、过期的账户).

Used is an account whose person signed in, whose session was busy or whose token was used; one that was
switched on again begins anew. What is switched off keeps its roles, and the security administrator switches
it on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.security.profiles import current
from accounts.security.queries import programs
from accounts.security.separation import only_holder_of
from accounts.security.services import switch_account

TOLD_BEFORE = timedelta(days=14)
AT_ONCE = 100


def last_used() -> QuerySet[Any]:
    """Accounts of people that are switched on, with ``used``: when they were used last."""
    long_ago = F("in_use_since")
    return (
        User.objects.filter(is_active=True)
        .exclude(programs("pk"))
        .annotate(
            used=Greatest(
                long_ago,
                Coalesce("last_login", long_ago),
                Coalesce(Max("sessions__seen_at"), long_ago),
                Coalesce(Max("tokens__last_used_at"), long_ago),
            )
        )
    )


def idle_days() -> int | None:
    """After how many days without use an account is switched off; None: never."""
    return current().idle_days


def tell_idle(*, now: datetime | None = None) -> int:
    """Write to people whose account will be switched off within two weeks; each once until it is used.

    Side effects: e-mails. Returns how many were told.
    """
    days, now = idle_days(), now or timezone.now()
    if days is None:
        return 0
    since = now - max(timedelta(days=days) - TOLD_BEFORE, timedelta())
    found = last_used().filter(used__lt=since).filter(Q(idle_told_at=None) | Q(idle_told_at__lt=F("used")))
    told = 0
    for person in found.order_by("pk")[:AT_ONCE]:
        if person.email:
            _mail(person, days)
        User.objects.filter(pk=person.pk).update(idle_told_at=now)
        told += 1
    return told


def switch_off_idle(*, now: datetime | None = None) -> int:
    """Switch off what was not used for so long and was announced two weeks ago.

    The last one who holds an administrators' role stays on: nobody could switch it on again. Side effects:
    sessions end. Returns how many.
    """
    days, now = idle_days(), now or timezone.now()
    if days is None:
        return 0
    due = last_used().filter(
        used__lt=now - timedelta(days=days),
        idle_told_at__gte=F("used"),
        idle_told_at__lte=now - min(TOLD_BEFORE, timedelta(days=days)),
    )
    ended = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            person = User.objects.select_for_update().get(pk=pk)
            # Used meanwhile, or needed.
            if due.filter(pk=pk).exists() and not only_holder_of(person):
                switch_account(user=person, active=False)
                ended += 1
    return ended


def _mail(person: User, days: int) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        words = (
            _("Hello %(name)s,") % {"name": person},
            _(
                "your account was not used for a long time. After %(days)d days without use it is switched "
                "off, in two weeks at the earliest."
            )
            % {"days": days},
            _("If you still need it, sign in once:"),
            settings.SITE_URL,
        )
        send_mail(
            _("[ChainMatch] Your account will be switched off"),
            "\n\n".join(words),
            settings.DEFAULT_FROM_EMAIL,
            [person.email],
        )
