"""Who may decide about a pair, and what each side learns of the other."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, Role
from matching.review.states import LEADER_ACTIONS, MEMBER_ACTIONS, OFFICE_ACTIONS, ReviewAction


class ReviewAct(TextChoices):
    """What is learned of the other side of a pair."""

    SCORES = "scores", _("See scores and decisions")
    BANDS = "bands", _("See bands of the published list")
    NAMES = "names", _("See the other firm's name")
    CONTACTS = "contacts", _("See the other firm's contacts")


_FIRMS = (Role.LEADER_FIRM, Role.MEMBER_FIRM)

REVIEW = Permits(
    "review",
    _("Match under review"),
    grant((Act.VIEW, ReviewAct.SCORES), CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(Act.VIEW, _FIRMS, Scope.FIRM, when=_("once the office has shortlisted the pair")),
    grant(ReviewAct.BANDS, _FIRMS, Scope.FIRM, when=_("once the list is published")),
    grant((ReviewAct.NAMES, ReviewAct.CONTACTS), CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(ReviewAct.NAMES, _FIRMS, Scope.FIRM, when=_("once the office has shortlisted the pair")),
    grant(ReviewAct.CONTACTS, _FIRMS, Scope.FIRM, when=_("once both firms have said yes")),
    grant([act for act in ReviewAction if act in OFFICE_ACTIONS], Role.CHAIN_OFFICE, Scope.WHOLE_CHAIN),
    grant([act for act in ReviewAction if act in LEADER_ACTIONS], Role.LEADER_FIRM, Scope.FIRM),
    grant([act for act in ReviewAction if act in MEMBER_ACTIONS], Role.MEMBER_FIRM, Scope.FIRM),
)

PERMITS = (REVIEW,)
