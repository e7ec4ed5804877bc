"""The six roles of the programme (六位一体), the member firm, the API client and the three administrators."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

EVERYWHERE = "*"


class Role(models.TextChoices):
    """What a person may be in an organisation."""

    CHIEF_CHAIN_HEAD = "chief_chain_head", _("Chief chain head")
    CHAIN_HEAD = "chain_head", _("Chain head")
    LEADER_FIRM = "leader_firm", _("Leader firm")
    LEAD_DEPARTMENT = "lead_department", _("Lead department")
    CITY_TASK_FORCE = "city_task_force", _("City task force")
    CHAIN_OFFICE = "chain_office", _("Chain office")
    MEMBER_FIRM = "member_firm", _("Member firm")
    INTEGRATOR = "integrator", _("Integrator")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")


OFFICES = frozenset(
    {
        Role.CHIEF_CHAIN_HEAD,
        Role.CHAIN_HEAD,
        Role.LEAD_DEPARTMENT,
        Role.CITY_TASK_FORCE,
        Role.CHAIN_OFFICE,
    }
)
"""Roles of public offices; they see raw scores."""

FIRMS = frozenset({Role.LEADER_FIRM, Role.MEMBER_FIRM, Role.INTEGRATOR})
"""Roles that act for one firm; an integrator has the rights of its organisation's kind."""

GRANTING = OFFICES | {Role.LEADER_FIRM, Role.MEMBER_FIRM}
"""Roles whose people manage their organisation's applications; an integrator makes no further ones."""

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Roles that look after the installation (三员); they see nothing of lines, matches and meetings."""


class OrganisationKind(models.TextChoices):
    """What an organisation is in the programme."""

    LEADER_FIRM = "leader_firm", _("Leader firm")
    MEMBER_FIRM = "member_firm", _("Member firm")
    OFFICE = "office", _("Office")


ROLE_OF_FIRM: dict[str, Role] = {
    OrganisationKind.LEADER_FIRM: Role.LEADER_FIRM,
    OrganisationKind.MEMBER_FIRM: Role.MEMBER_FIRM,
}
"""As what people and programs of a firm act."""
CHAIN_ROLES = frozenset({Role.CHIEF_CHAIN_HEAD, Role.CHAIN_HEAD, Role.LEAD_DEPARTMENT, Role.CHAIN_OFFICE})
"""Offices of a chain: chain-wide unless they are limited to cities."""


class Grade(models.TextChoices):
    """Grades that the state gives to firms, as lists write them."""

    ABOVE_SCALE = "规上", _("Above designated size")
    INNOVATIVE = "创新型", _("Innovative SME")
    SPECIALISED = "专精特新", _("Specialised and sophisticated SME")
    LITTLE_GIANT = "小巨人", _("Little giant")
    SINGLE_CHAMPION = "单项冠军", _("Single-product champion")
