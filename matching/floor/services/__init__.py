"""Verbs of the day of a meeting: check in, announce a delay, plan anew, run appointments, record
results."""

from matching.floor.services.arrivals import announce_delay, check_in, undo_check_in
from matching.floor.services.recording import record_result
from matching.floor.services.replanning import replan
from matching.floor.services.sittings import step
from matching.floor.services.walking_in import seat_walk_in

__all__ = ("announce_delay", "check_in", "record_result", "replan", "seat_walk_in", "step", "undo_check_in")
