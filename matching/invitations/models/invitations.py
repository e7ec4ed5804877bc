"""Invitations to signing meetings and the people who come."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField
from accounts.models import Organisation, User
from accounts.permits import Act
from matching.invitations.permits import INVITATION
from matching.invitations.states import PLACED, REFUSED, AnswerVia, InvitationState
from matching.meetings.models import SigningMeeting
from matching.record import Record
from matching.visibility import RowsOfParent

REASON_LENGTH = 500


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations that a person may see."""

    def visible_to(self, user: User | AnonymousUser) -> InvitationQuerySet:
        """Chain-wide offices all of their chains; everybody else those of the own organisation."""
        return self.filter(
            INVITATION.within(user, Act.VIEW, chain="meeting__chain_id", firm=("organisation_id",))
        )


class Invitation(Record):
    """An organisation's invitation to one signing meeting: a firm's, or a guest's from an office.

    ``version`` counts the answers: the link of a letter is good for the answer after the one it was written
    for. ``offered``: the place came from the waiting list, and goes to the next one after ``deadline``.
    """

    meeting = models.ForeignKey(
        SigningMeeting, models.CASCADE, related_name="invitations", verbose_name=_("signing meeting")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name=_("organisation")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    deadline = models.DateTimeField(_("answer until"))
    offered = models.BooleanField(_("place from the waiting list"), default=False)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True, default="")
    via = models.CharField(_("answered"), max_length=8, choices=AnswerVia.choices, blank=True, default="")
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("meeting", "organisation__name")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "organisation"], name="matching_invited_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.meeting}"

    @property
    def has_place(self) -> bool:
        """Whether a place is kept for it."""
        return self.state in PLACED

    @property
    def is_refused(self) -> bool:
        """Whether the waiting list passes it over."""
        return self.state in REFUSED

    @property
    def is_late(self) -> bool:
        """Whether the answer is overdue."""
        return self.state == InvitationState.OPEN and self.deadline < timezone.now()


class DelegateQuerySet(RowsOfParent["Delegate"]):
    """Seen with the invitation."""

    parents = ("invitation",)


class Delegate(models.Model):
    """A person whom an organisation sends; erased some time after the day (``RETENTION_DAYS``)."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="delegates")
    name = EncryptedTextField(_("name"))
    job = EncryptedTextField(_("job"), default="")
    phone = EncryptedTextField(_("phone"), default="")
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("person who comes")
        verbose_name_plural = _("people who come")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.pk)
