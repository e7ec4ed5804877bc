"""Forms of signing meetings."""

from matching.meetings.forms.availability import AbsenceForm, PresenceForm
from matching.meetings.forms.drafts import ChangesForm
from matching.meetings.forms.moving import MoveForm
from matching.meetings.forms.rules import RuleForm

__all__ = ("AbsenceForm", "ChangesForm", "MoveForm", "PresenceForm", "RuleForm")
