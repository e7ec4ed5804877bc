"""API of papers."""

from matching.papers.api.letters import LetterView
from matching.papers.api.own import OwnPaperView
from matching.papers.api.packs import PackView

__all__ = ("routes",)

routes = [
    ("paper-packs", PackView, "paper_pack"),
    ("letter-templates", LetterView, "letter_template"),
    ("meetings/(?P<meeting>[^/]+)/own-papers", OwnPaperView, "own_paper"),
]
