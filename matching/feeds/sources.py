"""What is told of changes: which tables, which of their columns, and where the object is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.agreements.models import Agreement, Outcome, SupervisionOrder
from matching.floor.models import Arrival, Sitting
from matching.invitations.models import Invitation
from matching.lists.access import SECRET_FIELDS
from matching.lists.models import DemandLine, Round, SupplyLine
from matching.meetings.models import Appointment, SigningMeeting
from matching.review.models import Review
from matching.runs.models import MatchingList, MatchingRun, PolicyProposal, PolicyVersion
from matching.uploads.models import Upload

BOOKKEEPING = frozenset({"updated_at", "reminded_for", "plan", "tried", "tables"})
"""Columns that change beside others; alone they are no news."""


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of object.

    ``told`` names the columns whose change is news, none: all of them. ``inner`` are columns that not
    everybody who sees the object sees; a change of them alone is told only to those who do. Firms never see
    what is ``of_offices``.
    """

    name: str
    label: Promise
    model: type[models.Model]
    path: str
    state: str = ""
    told: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()
    path_of_firms: str = ""
    of_offices: bool = False

    @property
    def event(self) -> str:
        """The type of its events."""
        return f"{self.name}.changed"

    def href(self, object_id: object, reader: User) -> str:
        """Path of the API where that reader reads the object."""
        path = self.path if reader.is_office or not self.path_of_firms else self.path_of_firms
        return f"/api/v1/{path}/{object_id}/"

    def visible(self, reader: User) -> models.QuerySet[Any]:
        """Objects that the reader may see."""
        rows = self.model._default_manager.all()
        return rows.visible_to(reader)  # type: ignore[attr-defined,no-any-return]

    def news(self, columns: Iterable[str]) -> tuple[bool, bool]:
        """Whether a change of these columns is news to all who see the object, and to those of ``inner``."""
        changed = set(columns) - BOOKKEEPING
        if self.told:
            changed &= self.told
        return bool(changed - self.inner), bool(changed & self.inner)


_STATE = frozenset({"state"})
SOURCES = (
    Source("round", _("Rounds"), Round, "rounds", "state"),
    Source(
        *("demand_line", _("Demand lines"), DemandLine, "demand-lines", "state"),
        inner=SECRET_FIELDS[DemandLine],
    ),
    Source(
        *("supply_line", _("Supply lines"), SupplyLine, "supply-lines", "state"),
        inner=SECRET_FIELDS[SupplyLine],
    ),
    Source("upload", _("Uploads"), Upload, "uploads", "state", told=_STATE),
    Source("run", _("Matching runs"), MatchingRun, "runs", "state", told=_STATE, of_offices=True),
    Source("matching_list", _("Matching lists"), MatchingList, "matching-lists", of_offices=True),
    Source("review", _("Matches"), Review, "reviews", "state", told=_STATE, path_of_firms="my-matches"),
    Source("meeting", _("Signing meetings"), SigningMeeting, "meetings", "state"),
    Source("appointment", _("Appointments"), Appointment, "appointments"),
    Source("agreement", _("Agreements"), Agreement, "agreements", "state"),
    Source(
        "supervision_order",
        _("Supervision orders"),
        SupervisionOrder,
        "supervision-orders",
        "state",
        of_offices=True,
    ),
    Source("arrival", _("Arrivals at meetings"), Arrival, "arrivals"),
    Source("sitting", _("Appointments on their day"), Sitting, "sittings", "state"),
    Source("outcome", _("Results of appointments"), Outcome, "outcomes", "result"),
    Source("invitation", _("Invitations"), Invitation, "invitations", "state"),
    Source("policy", _("Matching rules"), PolicyVersion, "policies", of_offices=True),
    Source(
        *("policy_proposal", _("Proposed rules"), PolicyProposal, "policy-proposals", "state"),
        told=_STATE,
        of_offices=True,
    ),
)
BY_EVENT: Mapping[str, Source] = {source.event: source for source in SOURCES}
BY_TABLE: Mapping[str, Source] = {source.model._meta.db_table: source for source in SOURCES}
EVENTS = tuple((source.event, source.label) for source in SOURCES)
"""Types of events with their words, for choices."""
