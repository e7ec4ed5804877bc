"""Page-shaped reads of agreements and of what follows from them."""

from matching.agreements.queries.agreements import (
    agreement_rows,
    agreements,
    outcomes,
    totals_by,
    totals_of,
    whole,
)
from matching.agreements.queries.learning import examples, results_of
from matching.agreements.queries.progress import (
    STEPS,
    agreements_of,
    followed,
    orders,
    outcomes_of,
    progress,
    shelved,
    to_confirm,
)
from matching.agreements.queries.rules import rule_of, rules

__all__ = (
    "STEPS",
    "agreement_rows",
    "agreements",
    "agreements_of",
    "examples",
    "followed",
    "orders",
    "outcomes",
    "outcomes_of",
    "progress",
    "results_of",
    "rule_of",
    "rules",
    "shelved",
    "to_confirm",
    "totals_by",
    "totals_of",
    "whole",
)
