"""What would change in a finished run: computed from its frozen lines, stored nowhere."""

from matching.runs.services.whatif.asking import SECRET_KINDS, Question, ask, need_in, offer_in
from matching.runs.services.whatif.telling import NeedRow, PairRow, ToldAnswer

__all__ = ("SECRET_KINDS", "NeedRow", "PairRow", "Question", "ToldAnswer", "ask", "need_in", "offer_in")
