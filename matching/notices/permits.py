"""Who reads notices and says how to be told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Anybody, Permits, Scope, grant

NOTICE = Permits("notice", _("Notice"), grant((Act.VIEW, Act.EDIT), Anybody.SIGNED_IN, Scope.SELF))
PREFERENCE = Permits(
    "notice_preference", _("Notice setting"), grant((Act.VIEW, Act.EDIT), Anybody.SIGNED_IN, Scope.SELF)
)

PERMITS = (NOTICE, PREFERENCE)
