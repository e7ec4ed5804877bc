"""Which offer gives how much to which need.

**What is maximised.** Each unit of quantity that reaches a need earns its *worth*: a large amount for
being covered, larger by the need's priority, plus the match's score, plus the policy's bonuses for local
firms, firm grades and first-of-kind products (``worth``). Only matches are ever joined, so no bonus can
override a condition. The sum is taken in the base unit of the quantity (kg, 件 …).

**Joint offers.** A match need not cover the whole quantity: an offer of 40 t answers a need for 100 t as
one of several. Each part is an order of its own, so it has to reach that offer's minimum order, and the
firms that share a need are at most its number of suppliers, counting those it has agreed with already.

**How it is solved.** Needs and offers that can't influence each other fall into groups. The flow that
covers most worth without the two kinds of limits is found for all groups at once (minimum-cost flow,
OR-Tools) and bounds what is possible. Where it keeps the limits it is the optimum. Other groups are
solved as a mixed-integer program (HiGHS) where they are small; in large ones the flow is repaired and the
neighbourhoods of the repairs are solved as such programs. The plan says how far from the bound the worst
group can be at most. A group is never left worse than what the greedy rule finds.

**Ties.** Where several needs are worth the same to one offer, its quantity is shared so that the least
covered of them gets as much as possible (``fairness``). Which of equally good offers serves a need is
drawn by lot: in the order of SHA-256 over both keys, not by the firms' numbers.

``check_plan`` knows nothing of all this and verifies a plan from the lists alone.
"""

from matching.engine.allocation.checking import PlanFault, check_plan, refuse_faults
from matching.engine.allocation.market import Agreed
from matching.engine.allocation.planning import allocate
from matching.engine.allocation.worth import bonus, suppliers_left

__all__ = ["Agreed", "PlanFault", "allocate", "bonus", "check_plan", "refuse_faults", "suppliers_left"]
