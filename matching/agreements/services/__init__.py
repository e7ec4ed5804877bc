"""Verbs on agreements, results of appointments, milestones and supervision orders."""

from matching.agreements.services.agreements import act, correct, state_agreement
from matching.agreements.services.attachments import attach, detach
from matching.agreements.services.outcomes import record_outcome

__all__ = ("act", "attach", "correct", "detach", "record_outcome", "state_agreement")
