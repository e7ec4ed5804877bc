"""Verbs on rounds."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists import access
from matching.lists.models import (
    Round,
)
from matching.lists.states import ROUND, RoundAction, RoundState

FIRST_YEAR, LAST_YEAR = 1999, 2101


@transaction.atomic
def plan_round(
    *, actor: User, chain_id: str, name: str, opens_at: datetime, closes_at: datetime, kind: str = "product"
) -> Round:
    """Plan a collection period. Raises ``Forbidden`` or ``Invalid``."""
    round_ = Round(chain_id=chain_id, kind=kind, name=name, opens_at=opens_at, closes_at=closes_at)
    if not access.can_manage_round(actor, round_):
        raise Forbidden(_("Only the office of this chain plans its rounds."), code="not_your_chain")
    _refuse_far_dates(round_)
    clean(round_)
    try:
        with transaction.atomic():
            round_.save()
    except IntegrityError:
        # Another round took the name since the check; the second check sees it and says so.
        clean(round_)
        raise
    return round_


def _refuse_far_dates(round_: Round) -> None:
    """A slip of the keyboard (year 0026) must not become a round that no calendar can show."""
    dates = {"opens_at": round_.opens_at, "closes_at": round_.closes_at}
    problems = {
        name: [_("Choose a date between 2000 and 2100.")]
        for name, moment in dates.items()
        if not FIRST_YEAR < moment.year < LAST_YEAR
    }
    if problems:
        raise Invalid(problems)


@transaction.atomic
def change_round(*, actor: User | None, round_id: uuid.UUID, action: RoundAction) -> Round:
    """Open or close a round; without an actor the clock does it.

    ``closes_at`` becomes the time of closing. Raises ``Conflict`` where the state does not allow it or
    another round of the chain is open.
    """
    round_ = Round.objects.select_for_update().get(pk=round_id)
    if actor is not None and not access.can_manage_round(actor, round_):
        raise Forbidden(
            _("Only the office of this chain opens and closes its rounds."), code="not_your_chain"
        )
    target = ROUND.target(round_.state, action)
    if target == RoundState.OPEN:
        _refuse_second_open_round(round_)
    round_.state = target
    now = timezone.now()
    if target == RoundState.OPEN and round_.opens_at > now:
        round_.opens_at = now
    if target == RoundState.CLOSED and now > round_.opens_at:
        round_.closes_at = now
    try:
        with transaction.atomic():
            round_.save(update_fields=["state", "opens_at", "closes_at"])
    except IntegrityError:
        # Two rounds were opened at once; the other one is visible now.
        _refuse_second_open_round(round_)
        raise
    return round_


@transaction.atomic
def extend_round(*, actor: User, round_id: uuid.UUID, closes_at: datetime) -> Round:
    """Move the end of a round that is planned or open.

    Raises ``Forbidden``, ``Conflict`` where the round is over, or ``Invalid`` where the new end is past.
    """
    round_ = Round.objects.select_for_update().get(pk=round_id)
    if not access.can_manage_round(actor, round_):
        raise Forbidden(_("Only the office of this chain extends its rounds."), code="not_your_chain")
    if round_.state not in (RoundState.PLANNED, RoundState.OPEN):
        raise Conflict(_("This round is over; plan a new one."), code="round_over")
    if closes_at <= timezone.now():
        raise Invalid({"closes_at": [_("Choose a day that is not past.")]}, code="day_passed")
    round_.closes_at = closes_at
    _refuse_far_dates(round_)
    clean(round_)
    round_.save(update_fields=["closes_at"])
    return round_


def _refuse_second_open_round(round_: Round) -> None:
    rivals = Round.objects.filter(chain_id=round_.chain_id, kind=round_.kind, state=RoundState.OPEN)
    if rival := rivals.exclude(pk=round_.pk).first():
        raise Conflict(
            _("Another round of this chain is open: %(name)s. Close it first.") % {"name": rival.name},
            code="round_already_open",
        )


def advance_rounds(*, now: datetime) -> int:
    """Close what is over, open what is due; rounds that can't open yet wait for the next call.

    A planned round whose whole period has passed is closed without having been open.
    """
    changed = 0
    over = Q(state=RoundState.OPEN, closes_at__lte=now)
    begun = Q(state=RoundState.PLANNED, opens_at__lte=now, closes_at__gt=now)
    for round_ in Round.objects.filter(over):
        changed += _advance(round_, RoundAction.CLOSE, over)
    for round_ in Round.objects.filter(state=RoundState.PLANNED, closes_at__lte=now):
        changed += _close_missed(round_, now)
    for round_ in Round.objects.filter(begun):
        changed += _advance(round_, RoundAction.OPEN, begun)
    return changed


def _advance(round_: Round, action: RoundAction, due: Q) -> int:
    try:
        with transaction.atomic():
            # Waits for whoever moves the dates just now, and goes by what they are then.
            if Round.objects.select_for_update().filter(due, pk=round_.pk).first() is None:
                return 0
            change_round(actor=None, round_id=round_.pk, action=action)
    except Conflict:
        return 0
    return 1


@transaction.atomic
def _close_missed(planned: Round, now: datetime) -> int:
    due = Round.objects.select_for_update().filter(
        pk=planned.pk, state=RoundState.PLANNED, closes_at__lte=now
    )
    for round_ in due:
        opened = ROUND.target(round_.state, RoundAction.OPEN)
        round_.state = ROUND.target(opened, RoundAction.CLOSE)
        round_.save(update_fields=["state"])
        return 1
    return 0


def clean(record: Any) -> None:
    """Validate a record. Raises ``Invalid`` naming each field."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
