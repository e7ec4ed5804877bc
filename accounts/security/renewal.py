"""A renewed sign-in before what an unattended browser must not do: new credentials, erasing the account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

__all__ = ["ReauthenticationRequired", "ask_again"]


@reauthentication_required  # type: ignore[untyped-decorator]
def ask_again(request: HttpRequest) -> None:
    """Raises ``ReauthenticationRequired`` unless the person has proved anew who it is, minutes ago.

    allauth's middleware leads to the page that asks, and then goes on with the form that was sent. Who has
    nothing here to prove it with (an account of the offices' sign-in service) passes.
    """
