"""Agendas: accepted pairs, availability, tables and slots in; a plan without double booking out."""

from __future__ import annotations

from matching.engine.agenda.around import around, joining
from matching.engine.agenda.checking import check_agenda
from matching.engine.agenda.model import (
    Agenda,
    Cause,
    Move,
    Pairing,
    Pin,
    Programme,
    Refusal,
    Replan,
    Seat,
    Worth,
    worth_of,
)
from matching.engine.agenda.pinning import hold_pins
from matching.engine.agenda.planning import plan, slots_needed
from matching.engine.agenda.replanning import replan
from matching.engine.agenda.running import Expected, Sitting, forecast

__all__ = (
    "Agenda",
    "Cause",
    "Expected",
    "Move",
    "Pairing",
    "Pin",
    "Programme",
    "Refusal",
    "Replan",
    "Seat",
    "Sitting",
    "Worth",
    "around",
    "check_agenda",
    "forecast",
    "hold_pins",
    "joining",
    "plan",
    "replan",
    "slots_needed",
    "worth_of",
)
