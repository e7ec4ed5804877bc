"""Verbs of the changes feed and of webhooks."""

from matching.feeds.services.delivering import claim, forget, settle
from matching.feeds.services.endpoints import (
    Issued,
    act,
    change,
    create,
    remove,
    replay,
    replay_since,
    rotate,
    send_test,
)
from matching.feeds.services.fanning import fan_out
from matching.feeds.services.gathering import BATCH, gather
from matching.feeds.services.pumping import pump

__all__ = [
    "BATCH",
    "Issued",
    "act",
    "change",
    "claim",
    "create",
    "fan_out",
    "forget",
    "gather",
    "pump",
    "remove",
    "replay",
    "replay_since",
    "rotate",
    "send_test",
    "settle",
]
