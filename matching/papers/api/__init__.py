"""API of papers."""

from matching.papers.api.letters import LetterView
from matching.papers.api.own import OwnPaperView
from matching.papers.api.packs import PackView
from matching.papers.api.summaries import SummaryView

__all__ = ("routes",)

routes = [
    ("paper-packs", PackView, "paper_pack"),
    ("letter-templates", LetterView, "letter_template"),
    ("summaries", SummaryView, "summary"),
    ("meetings/(?P<meeting>[^/]+)/own-papers", OwnPaperView, "own_paper"),
]
