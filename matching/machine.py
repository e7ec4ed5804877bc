"""A state machine is a table: which action leads from which states to which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.errors import Conflict


@dataclass(frozen=True, slots=True)
class Transition:
    """``action`` is legal in ``sources`` and leads to ``target``."""

    action: str
    sources: frozenset[str]
    target: str


class Machine:
    """All legal transitions of one kind of object."""

    def __init__(self, transitions: Iterable[Transition]) -> None:
        self.transitions = tuple(transitions)
        self._targets = {
            (source, transition.action): transition.target
            for transition in self.transitions
            for source in transition.sources
        }
        self._actions = {str(transition.action): _label(transition.action) for transition in self.transitions}
        self._states = {
            str(state): _label(state)
            for transition in self.transitions
            for state in (*transition.sources, transition.target)
        }

    def target(self, state: str, action: str) -> str:
        """State after ``action``. Raises ``Conflict`` where the table has no such transition."""
        try:
            return self._targets[state, action]
        except KeyError:
            raise Conflict(
                _("“%(action)s” is not possible in state “%(state)s”.")
                % {"action": self._actions.get(action, action), "state": self._states.get(state, state)},
                code="illegal_transition",
            ) from None

    def allows(self, state: str, action: str) -> bool:
        """Whether the table has that transition."""
        return (state, action) in self._targets

    def actions(self, state: str) -> list[str]:
        """Actions that are legal in ``state``, in the table's order."""
        return [transition.action for transition in self.transitions if state in transition.sources]


def _label(code: str) -> object:
    """The lazily translated words of a choice."""
    return getattr(code, "label", code)
