"""Forms of lists and rounds: a line with its typed rows, written as people write them."""

from matching.lists.forms.choices import node_groups
from matching.lists.forms.chosen import chosen
from matching.lists.forms.filters import LineFilter, LineOrder, OwnLineFilter, RoundFilter
from matching.lists.forms.lines import DemandForm, LineForm, SupplyForm
from matching.lists.forms.quick import QuickForm
from matching.lists.forms.recognition import RECOGNISABLE, proposals, segments
from matching.lists.forms.rounds import EndForm, RoundForm
from matching.lists.forms.rows import ROWS, understood_property, understood_requirement
from matching.lists.forms.writing import plain, written

__all__ = (
    "RECOGNISABLE",
    "ROWS",
    "DemandForm",
    "EndForm",
    "LineFilter",
    "LineForm",
    "LineOrder",
    "OwnLineFilter",
    "QuickForm",
    "RoundFilter",
    "RoundForm",
    "SupplyForm",
    "chosen",
    "node_groups",
    "plain",
    "proposals",
    "segments",
    "understood_property",
    "understood_requirement",
    "written",
)
