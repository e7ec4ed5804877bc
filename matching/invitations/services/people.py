"""People who came are forgotten some time after the day."""

from __future__ import annotations

from datetime import date

from matching.invitations.models import Delegate


def forget_delegates(*, before: date) -> int:
    """Erase the people named for meetings that were before then; returns how many."""
    return Delegate.objects.filter(invitation__meeting__date__lt=before).delete()[0]
