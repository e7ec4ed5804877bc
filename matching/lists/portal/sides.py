"""What the pages of both lists share."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import resolve_url

from accounts.roles import OrganisationKind
from matching.errors import Invalid
from matching.lists import services
from matching.lists.forms import DemandForm, LineForm, SupplyForm
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineAction
from matching.pages import PortalRequest, bulk, tell_outcome


@dataclass(frozen=True, slots=True)
class ListSide:
    """One of the two lists, as its pages need it."""

    name: str
    model: type[Any]
    form: type[LineForm]
    owner: OrganisationKind

    def url(self, page_name: str, *args: Any) -> str:
        """Address of a page of this list."""
        return resolve_url(f"{self.name}_{page_name}", *args)

    @property
    def is_demand(self) -> bool:
        """Whether this is the demand list."""
        return self.name == "demand"

    @property
    def list_url(self) -> str:
        """Address of the list."""
        return self.url("list")

    @property
    def create_url(self) -> str:
        """Address of the form for a new line."""
        return self.url("create")

    @property
    def similar_url(self) -> str:
        """Address that tells what is similar to a line being typed."""
        return self.url("similar")

    @property
    def export_url(self) -> str:
        """Address of the list as a workbook."""
        return self.url("export")

    @property
    def template_url(self) -> str:
        """Address of the empty workbook."""
        return self.url("template")

    @property
    def upload_url(self) -> str:
        """Address that takes a filled workbook."""
        return self.url("upload")

    @property
    def bulk_url(self) -> str:
        """Address that takes bulk actions."""
        return self.url("bulk")


DEMAND = ListSide("demand", DemandLine, DemandForm, OrganisationKind.LEADER_FIRM)
SUPPLY = ListSide("supply", SupplyLine, SupplyForm, OrganisationKind.MEMBER_FIRM)
SIDES = {side.name: side for side in (DEMAND, SUPPLY)}


def posted(request: HttpRequest) -> Any:
    """What a form sent; None when it is only shown."""
    return request.POST if request.method == "POST" else None


def action_in(wanted: str, allowed: Iterable[LineAction]) -> LineAction:
    """The action of that name. Raises ``Http404`` where it is not allowed here."""
    for action in allowed:
        if action == wanted:
            return action
    raise Http404


def ids_in(texts: Iterable[str]) -> list[uuid.UUID]:
    """Ids that a form sent. Raises ``Http404`` for anything else."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError as error:
            raise Http404 from error
    return found


def day_in(text: str) -> date | None:
    """The day that a form sent. Raises ``Invalid`` for what is none."""
    try:
        return forms.DateField(required=False).clean(text)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise Invalid({"valid_until": error.messages}) from error


def change_all(
    request: PortalRequest,
    side: ListSide,
    lines: Any,
    action: LineAction,
    valid_until: date | None = None,
) -> None:
    """One action on several lines, each for itself; the outcome becomes messages."""

    def change(line: Any) -> None:
        services.change_line(
            actor=request.user,
            model=side.model,
            line_id=line.pk,
            action=action,
            reason=request.POST.get("reason", ""),
            valid_until=valid_until,
        )

    tell_outcome(request, bulk(lines, change, str))
