"""Verbs on what people confirmed."""

from matching.memory.services.history import (
    Outcome,
    PastPair,
    Told,
    refuse_strangers,
    remember,
    remember_history,
)
from matching.memory.services.pairs import forget_pair, remember_pair
from matching.memory.services.revoking import revoke

__all__ = (
    "Outcome",
    "PastPair",
    "Told",
    "forget_pair",
    "refuse_strangers",
    "remember",
    "remember_history",
    "remember_pair",
    "revoke",
)
