"""Who proposes, approves and reads signing meetings."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Anybody, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, Role
from matching.meetings.states import DraftAction, MeetingAction


class MeetingAct(TextChoices):
    """What can be done beside the steps of a meeting."""

    PROPOSE = "propose", _("Propose")
    MOVE = "move", _("Move")
    PIN = "pin", _("Pin")
    OWN = "own", _("See own appointments")
    WHOLE = "whole", _("See all parties")


_FIRMS = (Role.LEADER_FIRM, Role.MEMBER_FIRM)
_KEEPERS = (Role.LEAD_DEPARTMENT, Role.CHAIN_OFFICE)
_HEADS = (Role.CHIEF_CHAIN_HEAD, Role.CHAIN_HEAD)
_BY_ANY_OFFICE = (MeetingAction.APPROVE, MeetingAction.DECLINE, MeetingAction.CANCEL, MeetingAction.HOLD)

MEETING = Permits(
    "meeting",
    _("Signing meeting"),
    grant((Act.VIEW, MeetingAct.WHOLE), CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(Act.VIEW, _FIRMS, Scope.FIRM, when=_("once it was approved, where the firm has an appointment")),
    grant(MeetingAct.PROPOSE, _KEEPERS, Scope.WHOLE_CHAIN),
    grant(_BY_ANY_OFFICE, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(MeetingAction.ENDORSE, _KEEPERS, Scope.WHOLE_CHAIN),
    grant((MeetingAction.CONFIRM, MeetingAction.RETURN), _HEADS, Scope.WHOLE_CHAIN),
)
DRAFT = Permits(
    "plan_draft",
    _("Draft of a plan"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((Act.CREATE, DraftAction.RECOMPUTE, DraftAction.APPLY), _KEEPERS, Scope.WHOLE_CHAIN),
)
APPOINTMENT = Permits(
    "appointment",
    _("Appointment"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((Act.VIEW, MeetingAct.OWN), _FIRMS, Scope.FIRM, when=_("once the meeting was approved")),
    grant((MeetingAct.MOVE, MeetingAct.PIN), _KEEPERS, Scope.WHOLE_CHAIN),
)
AVAILABILITY = Permits(
    "availability",
    _("When a firm can come to meetings"),
    grant((Act.VIEW, Act.CREATE, Act.EDIT, Act.DELETE), _FIRMS, Scope.FIRM),
)
RULE = Permits(
    "meeting_rule",
    _("Rule of meetings"),
    grant(Act.VIEW, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant((Act.CREATE, Act.EDIT), _KEEPERS, Scope.WHOLE_CHAIN),
)
VENUE = Permits(
    "venue",
    _("Venue"),
    grant(Act.VIEW, Anybody.SIGNED_IN, Scope.ALL),
    grant((Act.CREATE, Act.EDIT), _KEEPERS, Scope.WHOLE_CHAIN, when=_("all draw on the same venues")),
)

PERMITS = (MEETING, DRAFT, APPOINTMENT, AVAILABILITY, RULE, VENUE)
