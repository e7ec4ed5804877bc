"""The access table's rows about people and organisations."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permits.table import Act, Anybody, Permits, Scope, grant
from accounts.roles import GRANTING, OFFICES, Role

_LOOK_AFTER = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
_FIRMS = (Role.LEADER_FIRM, Role.MEMBER_FIRM)


class RoleAct(TextChoices):
    """What is done with accounts and roles beside what is done with most objects."""

    END = "end", _("End")
    BIND = "bind", _("Bind to the offices' sign-in service")


class FirmAct(TextChoices):
    """What offices recognise of a firm."""

    GRADE = "grade", _("Set grades")


ORGANISATION = Permits(
    "organisation",
    _("Organisation"),
    grant(Act.VIEW, Anybody.SIGNED_IN, Scope.FIRM),
    grant(Act.VIEW, OFFICES, Scope.REGION),
    grant(Act.VIEW, _LOOK_AFTER, Scope.ALL),
    grant((Act.CREATE, Act.EDIT), Role.SYSTEM_ADMIN, Scope.ALL),
    grant(FirmAct.GRADE, (Role.CITY_TASK_FORCE, Role.CHAIN_OFFICE), Scope.REGION, when=_("firms only")),
)
MEMBERSHIP = Permits(
    "membership",
    _("Role of a person"),
    grant(Act.VIEW, Anybody.SIGNED_IN, Scope.SELF),
    grant((Act.VIEW, RoleAct.END), _FIRMS, Scope.FIRM, when=_("people only; not one's own")),
    grant((Act.VIEW, RoleAct.END), _LOOK_AFTER, Scope.ALL, when=_("not the last administrator's")),
)
PERSON = Permits(
    "person",
    _("Person"),
    grant(Act.VIEW, _LOOK_AFTER, Scope.ALL),
    grant((RoleAct.END, RoleAct.BIND), Role.SYSTEM_ADMIN, Scope.ALL, when=_("not one's own")),
)
ACCOUNT = Permits(
    "account",
    _("Account"),
    grant((Act.VIEW, Act.EDIT), Anybody.SIGNED_IN, Scope.SELF),
    grant(Act.DELETE, GRANTING, Scope.SELF),
)
TOKEN = Permits(
    "token", _("Access token"), grant((Act.VIEW, Act.CREATE, Act.DELETE), Anybody.SIGNED_IN, Scope.SELF)
)
APPLICATION = Permits(
    "application",
    _("Application of the API"),
    grant(
        (Act.VIEW, Act.CREATE, Act.EDIT, Act.DELETE),
        GRANTING,
        Scope.FIRM,
        when=_("people only, with rights that they have themselves"),
    ),
)
AUDIT = Permits("audit", _("Audit"), grant(Act.VIEW, Role.AUDITOR, Scope.ALL))
SIGN_IN = Permits(
    "sign_in",
    _("Sign-ins, locks and second factors of accounts"),
    grant((Act.VIEW, Act.EDIT), Role.SECURITY_ADMIN, Scope.ALL),
)
INSTALLATION = Permits(
    "installation", _("Settings of the installation"), grant(Act.VIEW, Role.SYSTEM_ADMIN, Scope.ALL)
)

PERMITS = (ORGANISATION, MEMBERSHIP, PERSON, ACCOUNT, TOKEN, APPLICATION, AUDIT, SIGN_IN, INSTALLATION)
