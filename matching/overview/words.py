"""Names of what the figures tell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from matching.overview.queries import Cover, Part, Stage

STAGES = {
    Stage.HANDED_IN: _("Handed in"),
    Stage.VERIFIED: _("Verified by the office"),
    Stage.MATCHED: _("With a match"),
    Stage.SHORTLISTED: _("Shortlisted"),
    Stage.ACCEPTED: _("Both said yes"),
    Stage.APPOINTMENT: _("With an appointment"),
    Stage.MET: _("Met"),
    Stage.INTENT: _("With an intent or more"),
    Stage.SAMPLE: _("With a sample or more"),
    Stage.QUOTE: _("With a quote or more"),
    Stage.CONTRACT: _("With a contract"),
    Stage.DELIVERED: _("Goods delivered"),
}
COVERS = {
    Cover.COMPUTED: _("In the run"),
    Cover.COVERED: _("Covered: an offer meets every hard condition"),
    Cover.UNCOVERED: _("Not covered"),
}
PARTS = {
    Part.AGREED: _("A quantity is agreed"),
    Part.ALLOCATED: _("The run allocated a quantity"),
    Part.UNMET: _("A quantity is unmet"),
}
