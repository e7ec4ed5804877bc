"""Who sees figures across all rooms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Anybody, Permits, Scope, grant
from accounts.roles import OFFICES, Role

WORK = Permits("work", _("Own work that waits"), grant(Act.VIEW, Anybody.SIGNED_IN, Scope.SELF))
FIGURES = Permits(
    "figures",
    _("Figures of what one sees"),
    grant(Act.VIEW, OFFICES | {Role.LEADER_FIRM, Role.MEMBER_FIRM}, Scope.CHAIN),
)
OVERVIEW = Permits("overview", _("Overview of the chains"), grant(Act.VIEW, OFFICES, Scope.CITY))
PUBLISHED = Permits(
    "statistics", _("Published figures and the method"), grant(Act.VIEW, Anybody.VISITOR, Scope.ALL)
)
TABLE = Permits("access_table", _("Access table"), grant(Act.VIEW, Anybody.SIGNED_IN, Scope.ALL))

PERMITS = (WORK, FIGURES, OVERVIEW, PUBLISHED, TABLE)
