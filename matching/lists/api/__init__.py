"""API of rounds, demand lines and supply lines."""

from matching.lists.api.attachments import AttachmentView, LineAttachmentView
from matching.lists.api.bulk import DemandBulkView, SupplyBulkView
from matching.lists.api.lines import DemandLineView, SupplyLineView
from matching.lists.api.requirements import RequirementTextView
from matching.lists.api.rounds import RoundView
from matching.lists.api.whole import DemandListView, SupplyListView

__all__ = ("routes",)

routes = [
    ("rounds", RoundView, "round"),
    ("demand-lines/(?P<line>[^/]+)/attachments", LineAttachmentView, "line_attachment"),
    ("demand-lines/bulk", DemandBulkView, "demand_line_bulk"),
    ("supply-lines/bulk", SupplyBulkView, "supply_line_bulk"),
    ("demand-lines", DemandLineView, "demand_line"),
    ("supply-lines", SupplyLineView, "supply_line"),
    ("demand-lists", DemandListView, "demand_list"),
    ("supply-lists", SupplyListView, "supply_list"),
    ("attachments", AttachmentView, "attachment"),
    ("requirements", RequirementTextView, "requirement_text"),
]
