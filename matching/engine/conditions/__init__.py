"""Each condition of a pair: met, unmet or unknown; and, when somebody reads it, in words.

A run *judges* millions of pairs: a ``Verdict`` a condition, nothing written. Whoever looks at a pair has it
*told*: both values in the need's unit, a sentence, the question to send.

How an offered value is read. A range with two ends is a *capability*: the offer can deliver any
value in it. One end only (“≥690”) is a *guarantee* and counts as that value in its own direction.

- at least / at most: a capability meets it with its better end.
- equal / between: a capability meets it when it reaches into what is wanted. A parameter that names
  a span (工作温度, 量程, 行程, 范围 …) must be covered whole.
- a guarantee that could still satisfy ``between`` is unknown, not met.

Sentences may be shown to firms, so prices, ceilings and capacities stand only in ``wanted`` and
``offered``, never in a sentence.
"""

from __future__ import annotations

from matching.engine.conditions.codes import as_text, from_text
from matching.engine.conditions.describing import describe_requirement
from matching.engine.conditions.needs import ReadyNeed, failing, gating_failures, judge, ready_need, tell
from matching.engine.conditions.numbers import compare
from matching.engine.conditions.places import region_prefix
from matching.engine.conditions.reading import Reader, ReadyOffer

__all__ = [
    "Reader",
    "ReadyNeed",
    "ReadyOffer",
    "as_text",
    "compare",
    "describe_requirement",
    "failing",
    "from_text",
    "gating_failures",
    "judge",
    "ready_need",
    "region_prefix",
    "tell",
]
