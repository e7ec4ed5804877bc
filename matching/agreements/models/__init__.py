"""Agreements, results of appointments, milestones, supervision orders and the rules behind them."""

from matching.agreements.models.agreements import (
    AGREEMENT_STEPS,
    TERMS,
    Agreement,
    AgreementAttachment,
    AgreementEvent,
    AgreementVersion,
    Side,
    Terms,
)
from matching.agreements.models.following import FollowUpRule, Milestone, MilestoneState, SupervisionOrder
from matching.agreements.models.outcomes import Absent, Outcome, Result

__all__ = (
    "AGREEMENT_STEPS",
    "TERMS",
    "Absent",
    "Agreement",
    "AgreementAttachment",
    "AgreementEvent",
    "AgreementVersion",
    "FollowUpRule",
    "Milestone",
    "MilestoneState",
    "Outcome",
    "Result",
    "Side",
    "SupervisionOrder",
    "Terms",
)
