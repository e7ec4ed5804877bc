"""Who runs the day of a meeting."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, Role
from matching.floor.states import SittingAction


class FloorAct(TextChoices):
    """What can be done on the day beside the steps of an appointment."""

    CHECK_IN = "check_in", _("Check in")
    UNDO_CHECK_IN = "undo_check_in", _("Take a check-in back")
    BE_LATE = "be_late", _("Announce a delay")
    WALK_IN = "walk_in", _("Seat a pair on the spot")
    WHOLE = "whole", _("See all tables")


_FIRMS = (Role.LEADER_FIRM, Role.MEMBER_FIRM)
_KEEPERS = (Role.LEAD_DEPARTMENT, Role.CHAIN_OFFICE)

FLOOR = Permits(
    "floor",
    _("Day of a signing meeting"),
    grant((Act.VIEW, FloorAct.WHOLE), CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(Act.VIEW, _FIRMS, Scope.FIRM, when=_("own appointments")),
    grant(
        (FloorAct.CHECK_IN, FloorAct.UNDO_CHECK_IN, FloorAct.BE_LATE),
        _KEEPERS,
        Scope.WHOLE_CHAIN,
    ),
    grant(
        FloorAct.WALK_IN, _KEEPERS, Scope.WHOLE_CHAIN, when=_("once both firms are there and have said yes")
    ),
    grant((FloorAct.CHECK_IN, FloorAct.BE_LATE), _FIRMS, Scope.FIRM),
    grant(list(SittingAction), _KEEPERS, Scope.WHOLE_CHAIN),
)

PERMITS = (FLOOR,)
