"""Page-shaped reads of agreements and of what follows from them."""

from matching.agreements.queries.agreements import (
    agreement_rows,
    agreements,
    outcomes,
    totals_of,
    whole,
)
from matching.agreements.queries.rules import rule_of, rules

__all__ = ("agreement_rows", "agreements", "outcomes", "rule_of", "rules", "totals_of", "whole")
