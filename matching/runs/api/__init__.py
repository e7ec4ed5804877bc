"""API of runs, what they found, and published lists."""

from matching.runs.api.compared import DemandComparedView, SupplyComparedView
from matching.runs.api.exports import GapExportView, ListExportView
from matching.runs.api.lists import MatchingListView
from matching.runs.api.options import CONDITION_KINDS, run_of
from matching.runs.api.pairs import (
    DemandRefSerializer,
    FoundSerializer,
    SupplyRefSerializer,
    ToldList,
    as_compared,
)
from matching.runs.api.policies import MEASURES, PROPOSAL_ACTIONS, SOURCES, VERDICTS, PolicyView, ProposalView
from matching.runs.api.results import GapView, NearMissView
from matching.runs.api.runs import RUN_ACTIONS, RunView
from matching.runs.api.whatif import WhatIfView

__all__ = (
    "CONDITION_KINDS",
    "MEASURES",
    "PROPOSAL_ACTIONS",
    "RUN_ACTIONS",
    "SOURCES",
    "VERDICTS",
    "DemandRefSerializer",
    "FoundSerializer",
    "SupplyRefSerializer",
    "ToldList",
    "as_compared",
    "routes",
    "run_of",
)

routes = [
    ("demand-lines/(?P<line>[^/]+)/compared", DemandComparedView, "demand_line_compared"),
    ("supply-lines/(?P<line>[^/]+)/compared", SupplyComparedView, "supply_line_compared"),
    ("runs/(?P<run>[^/]+)/gaps/export", GapExportView, "gap_export"),
    ("matching-lists/(?P<list>[^/]+)/export", ListExportView, "matching_list_export"),
    ("runs/(?P<run>[^/]+)/near-misses", NearMissView, "near_miss"),
    ("runs/(?P<run>[^/]+)/gaps", GapView, "gap"),
    ("runs/(?P<run>[^/]+)/what-if", WhatIfView, "what_if"),
    ("runs", RunView, "run"),
    ("matching-lists", MatchingListView, "matching_list"),
    ("policies", PolicyView, "policy"),
    ("policy-proposals", ProposalView, "policy_proposal"),
]
