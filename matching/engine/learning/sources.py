"""What is known of a pair, and how much each kind of it counts for: in one place, with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

MOST_OF_A_FIRM = 0.05
"""What the outcomes of one firm may add, as a share of the number of examples: five firms add a quarter."""


class Source(StrEnum):
    """The newest that is known of a pair: a word of the office or a firm, or what came of it since."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DECLINED = "declined"
    NO_RESULT = "no_result"
    BROKEN_OFF = "broken_off"
    INTENT = "intent"
    SAMPLE = "sample"
    QUOTE = "quote"
    CONTRACT = "contract"
    DELIVERY = "delivery"


UNWANTED = frozenset({Source.REJECTED, Source.DECLINED, Source.NO_RESULT, Source.BROKEN_OFF})
"""What speaks against a pair; all else speaks for it."""

WEIGHTS: Mapping[Source, float] = {
    # A word costs nothing; it is the measure of all else.
    Source.ASKED: 1,
    Source.ACCEPTED: 1,
    Source.REJECTED: 1,
    Source.DECLINED: 1,
    # Two firms have met and agreed: it took time, binds nobody and may still come to nothing.
    Source.INTENT: 2,
    Source.SAMPLE: 2,
    Source.QUOTE: 2,
    # Money is promised, or paid.
    Source.CONTRACT: 4,
    Source.DELIVERY: 4,
    # Deals fail for many reasons besides a bad match: dates, terms of payment, people.
    Source.NO_RESULT: 0.5,
    Source.BROKEN_OFF: 0.5,
}


def counted(examples: Sequence[tuple[Source, str, str]]) -> list[float]:
    """How much each example (source, buyer, supplier) counts for, in their order.

    What outcomes weigh beyond a word is cut in proportion where it comes to more than ``MOST_OF_A_FIRM`` of
    the number of examples for one firm, as buyer or as supplier. No example counts for less than its word.
    """
    extra = [max(0.0, WEIGHTS[source] - 1) for source, _buyer, _supplier in examples]
    added: defaultdict[str, float] = defaultdict(float)
    for (_source, buyer, supplier), more in zip(examples, extra, strict=True):
        for firm in {buyer, supplier}:
            added[firm] += more
    most = MOST_OF_A_FIRM * len(examples)
    kept = {firm: min(1.0, most / total) for firm, total in added.items() if total}
    return [
        WEIGHTS[source] - more * (1 - min(kept[buyer], kept[supplier])) if more else WEIGHTS[source]
        for (source, buyer, supplier), more in zip(examples, extra, strict=True)
    ]
