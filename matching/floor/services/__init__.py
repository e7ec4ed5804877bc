"""Verbs of the day of a meeting: check in, announce a delay, plan anew, run appointments, record
results."""

from matching.floor.services.arrivals import announce_delay, check_in, undo_check_in
from matching.floor.services.recording import record_result
from matching.floor.services.replanning import replan
from matching.floor.services.sittings import step

__all__ = ("announce_delay", "check_in", "record_result", "replan", "step", "undo_check_in")
