"""Who may do what with rounds and lines, and who sees a firm's trade secrets."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.permits import Act, Anybody, Permits, Scope, grant
from accounts.roles import CHAIN_ROLES, FIRMS, OFFICES, Role
from matching.lists.states import FIRM_ACTIONS, OFFICE_ACTIONS, LineAction, LineNote, RoundAction


class ListAct(TextChoices):
    """What can be done beside the steps of rounds and lines."""

    SECRETS = "secrets", _("See prices, ceilings and free capacity")
    EXTEND = "extend", _("Extend")
    COUNT = "count", _("See how many lines there are")
    OVERSEE = "oversee", _("See who has handed in, and remind")
    SIMILAR = "similar", _("See similar products while typing")


_PLANS = (Act.CREATE, RoundAction.OPEN, RoundAction.CLOSE, RoundAction.PUBLISH, ListAct.EXTEND)
_LIMITED = (Role.CHAIN_OFFICE, Role.CITY_TASK_FORCE)

ROUND = Permits(
    "round",
    _("Round"),
    grant(Act.VIEW, FIRMS - {Role.INTEGRATOR}, Scope.ALL),
    grant(Act.VIEW, OFFICES, Scope.CHAIN),
    grant(_PLANS, Role.CHAIN_OFFICE, Scope.WHOLE_CHAIN),
    grant(ListAct.COUNT, CHAIN_ROLES, Scope.WHOLE_CHAIN),
    grant(ListAct.OVERSEE, CHAIN_ROLES - set(_LIMITED), Scope.WHOLE_CHAIN),
    grant(ListAct.OVERSEE, _LIMITED, Scope.CHAIN, when=_("firms of own cities")),
)


def _line(name: str, label: StrOrPromise, firm: Role) -> Permits:
    own = (Act.CREATE, *(action for action in LineAction if action in FIRM_ACTIONS), ListAct.SIMILAR)
    return Permits(
        name,
        label,
        grant((Act.VIEW, ListAct.SECRETS), firm, Scope.FIRM),
        grant(Act.VIEW, OFFICES, Scope.CITY, when=_("once it was handed in")),
        grant(ListAct.SECRETS, Role.CHAIN_OFFICE, Scope.CITY),
        grant(own, firm, Scope.FIRM),
        grant(
            [action for action in LineAction if action in OFFICE_ACTIONS],
            (Role.CHAIN_OFFICE, Role.CITY_TASK_FORCE),
            Scope.CITY,
        ),
    )


DEMAND_LINE = _line("demand_line", _("Demand line"), Role.LEADER_FIRM)
SUPPLY_LINE = _line("supply_line", _("Supply line"), Role.MEMBER_FIRM)
ATTACHMENT = Permits(
    "attachment",
    _("File of a need"),
    grant((Act.VIEW, LineNote.ATTACH, LineNote.DETACH), Role.LEADER_FIRM, Scope.FIRM),
    grant(Act.VIEW, OFFICES, Scope.CITY, when=_("once it was handed in")),
)
TEXT = Permits(
    "text", _("What is read from a text that one types"), grant(Act.VIEW, Anybody.SIGNED_IN, Scope.ALL)
)

PERMITS = (ROUND, DEMAND_LINE, SUPPLY_LINE, ATTACHMENT, TEXT)
