"""Learning the weights of the criteria from what people decided: plain values in, a lesson out."""

from matching.engine.learning.evidence import Judged
from matching.engine.learning.lesson import (
    LEAST_DECISIONS,
    LEAST_DEMANDS,
    LEAST_OF_A_KIND,
    Lesson,
    Share,
    Verdict,
    learn,
)
from matching.engine.learning.measuring import Figure, Measure
from matching.engine.learning.sources import MOST_OF_A_FIRM, UNWANTED, WEIGHTS, Source

__all__ = (
    "LEAST_DECISIONS",
    "LEAST_DEMANDS",
    "LEAST_OF_A_KIND",
    "MOST_OF_A_FIRM",
    "UNWANTED",
    "WEIGHTS",
    "Figure",
    "Judged",
    "Lesson",
    "Measure",
    "Share",
    "Source",
    "Verdict",
    "learn",
)
