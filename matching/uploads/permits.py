"""Who may hand in files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Permits, Scope, grant
from accounts.roles import Role
from matching.uploads.states import UploadAction

UPLOAD = Permits(
    "upload",
    _("Uploaded list"),
    grant(
        (Act.VIEW, Act.CREATE, UploadAction.APPLY, UploadAction.READ_AGAIN),
        (Role.LEADER_FIRM, Role.MEMBER_FIRM),
        Scope.FIRM,
    ),
)

PERMITS = (UPLOAD,)
