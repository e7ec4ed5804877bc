"""What of a person goes with its account: the request by which it joined, and what it was told."""

from __future__ import annotations

from accounts.models import User
from matching.joining.models import JoinRequest
from matching.notices.models import Notice, NoticePreference


def erase(person: User) -> None:
    """The request by which it joined loses name, e-mail and phone; its notices are deleted."""
    blank = {"contact_name": "", "email": "", "phone": ""}
    JoinRequest.objects.filter(account=person).update(**blank)
    Notice.objects.filter(user=person).delete()
    NoticePreference.objects.filter(user=person).delete()
