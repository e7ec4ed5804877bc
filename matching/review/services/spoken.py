"""A yes that somebody of a firm said to an office, across a desk.

Meetings come after reviews; they call this under their own lock and have checked who acts.
"""

from __future__ import annotations

from accounts.models import User
from matching.review.models import Review
from matching.review.services.decisions import take_step
from matching.review.states import LEADER_ACTIONS, ReviewAction

NAME_LENGTH = 60
SPOKEN = "现场当面同意 · "
"""What the reason of such a decision begins with; then come the firm and who said it."""


def accept_spoken(*, actor: User, review: Review, action: ReviewAction, said_by: str) -> Review:
    """Record a firm's yes to a locked review as the named person said it.

    Side effects: as ``decide``; the decision names who said it. Raises ``Conflict`` as ``decide``.
    """
    firm = (review.demand if action in LEADER_ACTIONS else review.supply).organisation
    reason = f"{SPOKEN}{firm.short_name or firm.name} · {said_by}"[:500]
    return take_step(actor, review, action, reason=reason)
