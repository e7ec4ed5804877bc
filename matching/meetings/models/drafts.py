"""Drafts of changed plans: what would happen if, before it happens."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.meetings.models.meetings import SigningMeeting
from matching.meetings.permits import MEETING, MeetingAct
from matching.meetings.states import DraftState
from matching.record import Record


class DraftQuerySet(models.QuerySet["PlanDraft"]):
    """Drafts that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> DraftQuerySet:
        """Those of meetings that the person sees whole."""
        return self.filter(MEETING.within(user, MeetingAct.WHOLE, chain="meeting__chain_id"))


class PlanDraft(Record):
    """A changed plan of a meeting, computed by a worker and applied by a person.

    ``changes`` is what is asked for (``matching.meetings.changes``), ``based_on`` the plan of the meeting
    that it was computed from, ``outcome`` the seats, moves and figures. Without ``author`` it is an
    alternative that came with the proposal.
    """

    meeting = models.ForeignKey(
        SigningMeeting, models.CASCADE, related_name="drafts", verbose_name=_("signing meeting")
    )
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    state = models.CharField(_("state"), max_length=8, choices=DraftState.choices, default=DraftState.WAITING)
    changes = models.JSONField(_("changes"), default=dict)
    based_on = models.PositiveIntegerField(_("plan"), default=0)
    outcome = models.JSONField(_("outcome"), default=dict)
    problem = models.CharField(_("problem"), max_length=60, blank=True, default="")
    queued_at = models.DateTimeField(null=True, editable=False)
    computed_at = models.DateTimeField(_("computed at"), null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a plan")
        verbose_name_plural = _("drafts of plans")
        ordering = ("-created_at", "pk")
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"],
                condition=models.Q(state=DraftState.WAITING),
                name="matching_drafts_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.get_state_display()}"
