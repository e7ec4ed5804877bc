"""Gathers the rooms' models for Django."""

from matching.agreements.models import (
    Agreement,
    AgreementAttachment,
    AgreementEvent,
    AgreementVersion,
    FollowUpRule,
    Milestone,
    Outcome,
    SupervisionOrder,
)
from matching.chains.models import Chain, ChainNode, GlossaryEntry, Region
from matching.disclosure.models import Disclosure
from matching.feeds.models import Change, Gathering, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from matching.floor.models import Arrival, Sitting
from matching.http.models import KeptAnswer
from matching.invitations.models import CalendarAddress, CalendarEntry, Delegate, Invitation
from matching.joining.models import JoinRequest, JoinStep
from matching.lists.live import LiveIndex
from matching.lists.models import (
    Attachment,
    Certificate,
    DemandLine,
    LineEvent,
    Property,
    Requirement,
    Round,
    SupplyLine,
)
from matching.lists.takings import CapacityTaken
from matching.meanings.models import TextMeaning
from matching.meetings.models import (
    Absence,
    Appointment,
    Attendance,
    LeftOut,
    MeetingRule,
    PlanDraft,
    Presence,
    SigningMeeting,
    Table,
    Venue,
)
from matching.memory.models import Confirmation
from matching.notices.models import Notice, OutboxMessage
from matching.papers.models import LetterTemplate, PaperPack
from matching.people.models import RoleRequest
from matching.review.models import Decision, Review
from matching.runs.models import (
    FrozenLine,
    Gap,
    Match,
    MatchingList,
    MatchingRun,
    NearMiss,
    PolicyProposal,
    PolicyVersion,
    Shard,
)
from matching.uploads.models import Upload, UploadRow

__all__ = (
    "Absence",
    "Agreement",
    "AgreementAttachment",
    "AgreementEvent",
    "AgreementVersion",
    "Appointment",
    "Arrival",
    "Attachment",
    "Attendance",
    "CalendarAddress",
    "CalendarEntry",
    "CapacityTaken",
    "Certificate",
    "Chain",
    "ChainNode",
    "Change",
    "Confirmation",
    "Decision",
    "Delegate",
    "DemandLine",
    "Disclosure",
    "FollowUpRule",
    "FrozenLine",
    "Gap",
    "Gathering",
    "GlossaryEntry",
    "Invitation",
    "JoinRequest",
    "JoinStep",
    "KeptAnswer",
    "LeftOut",
    "LetterTemplate",
    "LineEvent",
    "LiveIndex",
    "Match",
    "MatchingList",
    "MatchingRun",
    "MeetingRule",
    "Milestone",
    "NearMiss",
    "Notice",
    "OutboxMessage",
    "Outcome",
    "PaperPack",
    "PlanDraft",
    "PolicyProposal",
    "PolicyVersion",
    "Presence",
    "Property",
    "Region",
    "Requirement",
    "Review",
    "RoleRequest",
    "Round",
    "Shard",
    "SigningMeeting",
    "Sitting",
    "SupervisionOrder",
    "SupplyLine",
    "Table",
    "TextMeaning",
    "Upload",
    "UploadRow",
    "Venue",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
)
