"""Signing meetings."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.permits import Act
from matching.chains.models import Chain
from matching.meetings.events import Event
from matching.meetings.models.rules import Frame
from matching.meetings.models.venues import Venue
from matching.meetings.permits import MEETING
from matching.meetings.states import OPEN, MeetingState
from matching.record import Record


class MeetingQuerySet(models.QuerySet["SigningMeeting"]):
    """Signing meetings that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> MeetingQuerySet:
        """Chain-wide offices all of their chains; firms those they were invited to, cancelled ones too."""
        firms = MEETING.firms(user, Act.VIEW)
        attended = self.model._default_manager.filter(appointments__parties__organisation_id__in=firms)
        invited = models.Q(approved_at__isnull=False, pk__in=attended.values("pk"))
        return self.filter(invited | MEETING.within(user, Act.VIEW, chain="chain_id"))


class SigningMeeting(Record, Frame):
    """A day with tables and slots (签约会), one open proposal a chain, kind, event and period.

    Once ``approved_at`` is set, its firms see it, whatever becomes of it. ``leader`` is the only leader
    firm where the event is one's. ``plan`` counts the changes of its appointments; ``tried`` is a hash of
    what was last planned in vain.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="meetings", verbose_name=_("chain"))
    kind = models.CharField(_("kind"), max_length=20, default="product")
    event = models.CharField(_("event"), max_length=10, choices=Event.choices, default=Event.SIGNING)
    leader = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("leader firm")
    )
    title = models.CharField(_("title"), max_length=160)
    period = models.DateField(_("period"), help_text=_("First day of the month or quarter."))
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.PROPOSED
    )
    venue = models.ForeignKey(Venue, models.PROTECT, verbose_name=_("venue"))
    date = models.DateField(_("date"))
    slots = models.PositiveSmallIntegerField(_("slots"))
    tables = models.PositiveSmallIntegerField(_("tables"))
    shut_tables = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("tables that are not to be had"), default=list
    )
    needs_head = models.BooleanField(_("the chain head approves as well"), default=False)
    plan = models.PositiveIntegerField(_("plan"), default=0, editable=False)
    tried = models.CharField(max_length=64, default="", editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing meeting")
        verbose_name_plural = _("signing meetings")
        ordering = ("-date", "chain_id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chain", "kind", "event", "period"],
                condition=models.Q(state__in=sorted(OPEN)),
                name="matching_one_proposal_a_period",
            )
        ]

    def __str__(self) -> str:
        return self.title
