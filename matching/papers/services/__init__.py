"""Verbs of papers: order, make, keep templates."""

from matching.papers.services.fetching import archive, one_file
from matching.papers.services.leases import lost_packs
from matching.papers.services.making import make, remove_old
from matching.papers.services.ordering import order, order_again
from matching.papers.services.own import OWN, own_paper
from matching.papers.services.summing import FORMS, figures_file, summed
from matching.papers.services.templates import drop_template, keep_template

__all__ = (
    "FORMS",
    "OWN",
    "archive",
    "drop_template",
    "figures_file",
    "keep_template",
    "lost_packs",
    "make",
    "one_file",
    "order",
    "order_again",
    "own_paper",
    "remove_old",
    "summed",
)
