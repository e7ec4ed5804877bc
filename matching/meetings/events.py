"""The kinds of event that bring matched firms together, each declared here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What kind of event a meeting is."""

    SIGNING = "signing", _("Signing meeting")
    SESSION = "session", _("One-leader session")
    ROADSHOW = "roadshow", _("Roadshow")
    VISIT = "visit", _("On-site visit")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is planned for an event.

    ``one_leader``: only pairs of one leader firm. ``one_table``: one appointment after the other, on one
    stage or with one bus. ``by_firm``: a member firm is on once, for all leader firms that it is to meet.
    ``travels``: appointments take place in the member firm's city.
    """

    zh: str
    en: str
    one_leader: bool = False
    one_table: bool = False
    by_firm: bool = False
    travels: bool = False
    slot_minutes: int = 30
    slots_a_day: int = 12


PATTERNS: Mapping[str, Pattern] = {
    Event.SIGNING: Pattern("产业链配套协作签约会", "signing meeting"),
    Event.SESSION: Pattern("产业链专场对接会", "one-leader session", one_leader=True, one_table=True),
    Event.ROADSHOW: Pattern(
        "产业链供需对接路演", "roadshow", one_table=True, by_firm=True, slot_minutes=15, slots_a_day=20
    ),
    Event.VISIT: Pattern(
        *("产业链走访对接", "on-site visit"),
        one_leader=True,
        one_table=True,
        by_firm=True,
        travels=True,
        slot_minutes=60,
        slots_a_day=8,
    ),
}
