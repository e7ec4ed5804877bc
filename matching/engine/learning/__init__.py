"""Learning the weights of the criteria from what people decided: plain values in, a lesson out."""

from matching.engine.learning.evidence import Judged
from matching.engine.learning.lesson import (
    LEAST_DECISIONS,
    LEAST_DEMANDS,
    LEAST_OF_A_KIND,
    Lesson,
    Verdict,
    learn,
)
from matching.engine.learning.measuring import Figure, Measure

__all__ = (
    "LEAST_DECISIONS",
    "LEAST_DEMANDS",
    "LEAST_OF_A_KIND",
    "Figure",
    "Judged",
    "Lesson",
    "Measure",
    "Verdict",
    "learn",
)
