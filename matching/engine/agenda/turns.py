"""Turns of buyers: with rests, a buyer that keeps to every so manieth slot loses none of them to holes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from matching.engine.agenda.model import Pairing, Programme
from matching.engine.agenda.pinning import Held


def at_turns(programme: Programme, pins: Held, chosen: Iterable[Pairing]) -> Mapping[str, tuple[int, ...]]:
    """The slots of each pairing at which its buyer takes its turn; pins stay.

    Buyers are spread over the turns by what they want to meet, the busiest first, the first turn as far as
    its tables go: who shares a turn never keeps a seller waiting for somebody else's rest.
    """
    turns = programme.gap + 1
    wanted = Counter(pairing.demand_party for pairing in chosen)
    open_slots: dict[str, set[int]] = defaultdict(set)
    for pairing in programme.ordered:
        open_slots[pairing.demand_party].update(pins.slots[pairing.key])
    left = [sum(programme.room[turn::turns]) for turn in range(turns)]
    turn_of: dict[str, int] = {}
    for buyer in sorted(open_slots, key=lambda buyer: (-wanted[buyer], buyer)):
        fit = Counter(slot % turns for slot in open_slots[buyer])
        most = [min(wanted[buyer], fit[turn], left[turn]) for turn in range(turns)]
        turn_of[buyer] = most.index(max(most))
        left[turn_of[buyer]] -= max(most)
    return {
        pairing.key: tuple(
            slot
            for slot in pins.slots[pairing.key]
            if pairing.key in pins.slot_of or slot % turns == turn_of[pairing.demand_party]
        )
        for pairing in programme.ordered
    }
