"""Verbs on agreements, results of appointments, milestones and supervision orders, and what they teach."""

from matching.agreements.services.agreements import act, correct, state_agreement
from matching.agreements.services.attachments import attach, detach
from matching.agreements.services.learning import Learnt, learn_policy
from matching.agreements.services.orders import answer_order, close_order, follow_up, return_order
from matching.agreements.services.outcomes import record_outcome
from matching.agreements.services.progress import break_off, deliver, plan_step
from matching.agreements.services.rules import save_rule

__all__ = (
    "Learnt",
    "act",
    "answer_order",
    "attach",
    "break_off",
    "close_order",
    "correct",
    "deliver",
    "detach",
    "follow_up",
    "learn_policy",
    "plan_step",
    "record_outcome",
    "return_order",
    "save_rule",
    "state_agreement",
)
