"""What would change if one condition were relaxed, one firm dropped out, or one offer gave more or less.

Everything else stays as it was in the run. Only needs that the change touches are matched again
(``rematch``); quantities are shared out again among the needs and offers that hang together with them
(``compare``). Pure functions of the run's frozen lines: nothing is stored.
"""

from matching.engine.whatif.amounts import OtherDimension, TooLarge, amount_in
from matching.engine.whatif.changes import (
    Change,
    Changed,
    OfferChanged,
    Relaxable,
    Waived,
    Withdrawn,
    changed_need,
    relaxable,
)
from matching.engine.whatif.effects import Effect, NeedEffect, PairEffect, Situation, compare
from matching.engine.whatif.rematching import failing_place, rematch

__all__ = [
    "Change",
    "Changed",
    "Effect",
    "NeedEffect",
    "OfferChanged",
    "OtherDimension",
    "PairEffect",
    "Relaxable",
    "Situation",
    "TooLarge",
    "Waived",
    "Withdrawn",
    "amount_in",
    "changed_need",
    "compare",
    "failing_place",
    "relaxable",
    "rematch",
]
