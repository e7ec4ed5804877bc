"""What becomes of a line that is written, decided in memory; single lines and whole lists ask here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from matching import kinds
from matching.errors import Conflict, Fault, Invalid
from matching.lists.models import DemandLine, Line, Round, SupplyLine
from matching.lists.services.checking import Problems, References, problems_of
from matching.lists.services.content import Rows, content_of
from matching.lists.states import LINE, LineAction, LineState, RoundState


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be stored of a line.

    ``action`` is the event of it, if any; ``rewritten`` where columns and rows have changed; ``moved``
    where only the day changed until which it holds.
    """

    action: LineAction | None
    rewritten: bool
    moved: bool

    @property
    def changes(self) -> bool:
        """Whether there is anything to store."""
        return self.rewritten or self.moved or self.action is not None


def settle(
    line: DemandLine | SupplyLine, values: Mapping[str, Any], rows: Rows, known: References
) -> Settled:
    """Write ``values`` into a line and move it to the state that it has then; nothing is stored.

    A changed line becomes a draft again and is no longer handed in; an unchanged one stays in its state,
    but a withdrawn one is restored as a draft, and a later ``valid_until`` confirms it. Raises ``Invalid``.
    """
    held_until, before = line.valid_until, line.fingerprint
    for name, value in values.items():
        setattr(line, name, value)
    if problems := problems_of(line, rows, known):
        raise Invalid(problems)
    fingerprint = content_of(line, rows)
    moved = line.valid_until != held_until
    if moved:
        line.reminded_for = None
    if fingerprint == before and not line._state.adding:
        return _settle_unchanged(line, held_until, moved)
    if line.state == LineState.WITHDRAWN:
        line.state = LINE.target(line.state, LineAction.RESTORE)
    if not line._state.adding:
        line.state = LINE.target(line.state, LineAction.EDIT)
    line.fingerprint = fingerprint
    line.submitted_at = None
    return Settled(LineAction.EDIT, rewritten=True, moved=moved)


def _settle_unchanged(line: Line, held_until: date, moved: bool) -> Settled:
    action = None
    if line.state == LineState.WITHDRAWN:
        action = LineAction.RESTORE
    elif line.valid_until > held_until and LINE.allows(line.state, LineAction.CONFIRM):
        action = LineAction.CONFIRM if line.valid_until >= timezone.localdate() else None
    if action is not None:
        line.state = LINE.target(line.state, action)
    return Settled(action, rewritten=False, moved=moved)


def open_round(chain_id: str, kind: str) -> Round | None:
    """The round of a chain that takes lines now."""
    return Round.objects.filter(chain_id=chain_id, kind=kind, state=RoundState.OPEN).first()


def hand_in(line: DemandLine | SupplyLine, round_: Round | None) -> None:
    """Put a line into a round, in memory. Raises ``Conflict`` without one, ``Invalid`` for gaps."""
    if round_ is None:
        raise Conflict(
            _("No round of this chain is open now; the line stays a draft until the next one."),
            code="no_open_round",
        )
    problems: Problems = {
        name: [Fault(_("Needed before the line can be submitted."), "required")]
        for name in missing_columns(line)
    }
    if line.valid_until < timezone.localdate():
        told = _("This day has passed; confirm the line with a later one.")
        problems["valid_until"] = [Fault(told, "day_passed")]
    if problems:
        raise Invalid(problems)
    line.round = round_
    line.submitted_at = timezone.now()


def missing_columns(line: Line) -> list[str]:
    """Columns that the line's kind requires and that are empty."""
    side = "need" if isinstance(line, DemandLine) else "offer"
    return [
        name for name in kinds.get(line.kind).required_columns(side) if getattr(line, name) in (None, "", [])
    ]


def refuse_promised(line: Line) -> None:
    """Raises ``Conflict`` for a line that accepted matches rest on: it can't be withdrawn."""
    if isinstance(line, SupplyLine) and line.committed > 0:
        raise Conflict(
            _("Accepted matches rest on this line; ask the chain's office to release them first."),
            code="committed",
        )
