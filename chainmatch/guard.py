"""What only the database can tell about an unsafe start."""

from __future__ import annotations

from django.conf import settings

from accounts.models import User
from chainmatch.env import UnsafeStart


def refuse_demo_accounts() -> None:
    """Raise ``UnsafeStart`` where production finds an active demo account."""
    if settings.MODE != "production":
        return
    names = list(User.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True)[:5])
    if names:
        raise UnsafeStart(
            f"production must not run with demo accounts ({', '.join(names)} …); "
            "remove them with: python manage.py remove_demo_accounts"
        )
