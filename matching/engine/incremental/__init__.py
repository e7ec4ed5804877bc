"""Few lines changed since a chain was matched in full: only what they touch is computed again.

**The same result as in full.** A pair's score depends on its two lines and on how telling each word is in
the chain's offers. These statistics stay those of the last full matching, so what nobody changed keeps its
score, and every result equals that of matching all lines anew under the same statistics. They are renewed
whenever a chain is matched in full; until then a few lines among many would hardly change them.

**What is touched.** An offer counts for a need where it is among the need's candidates. Each result keeps
the ranking sum of its last candidate; earlier and present versions of the changed offers are held against
all needs at once, and whoever they reach is searched and judged again, by the functions of a full run.
The day of the base stays the day of comparison: another day is another run.
"""

from matching.engine.incremental.matching import (
    Base,
    Changes,
    MatchedWhole,
    Rematched,
    hold,
    joined,
    rematch,
)
from matching.engine.incremental.offers import ChangedOffers

__all__ = ["Base", "ChangedOffers", "Changes", "MatchedWhole", "Rematched", "hold", "joined", "rematch"]
