"""Which presentation is best given in which slot, whoever can hear it then: an assignment.

Exact as long as nobody rests, travels or needs an interpreter; else it is what no plan can exceed.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from matching.engine.agenda.model import Pairing, Programme, Worth, firms_of, presentations
from matching.engine.agenda.pinning import Held

Numbers = NDArray[np.int64]


def best_showing(programme: Programme, pins: Held) -> tuple[dict[str, int], Worth]:
    """Slots of the pairings of the best presentations, those of pins first, and a worth that no plan
    exceeds."""
    held = presentations(pairing for pairing in programme.ordered if pins.slots[pairing.key])
    slot_of = {programme.by_key[key].together: slot for key, slot in pins.slot_of.items()}
    room = list(programme.room)
    for slot in slot_of.values():
        room[slot] -= 1
    slot_of.update(_assigned(programme, {k: v for k, v in held.items() if k not in slot_of}, pins, room))
    found = {
        pairing.key: slot
        for together, slot in slot_of.items()
        for pairing in held[together]
        if slot in pins.slots[pairing.key]
    }
    value = sum(programme.by_key[key].value for key in found)
    return found, Worth(len(found), _most_firms(held, sum(programme.room)), value)


def _assigned(
    programme: Programme, left: dict[str, list[Pairing]], pins: Held, room: list[int]
) -> dict[str, int]:
    """A slot for each presentation that gets one: the most pairings, then the highest value."""
    # SciPy's optimisers are large; importing them here keeps them out of the web processes.
    from scipy.optimize import linear_sum_assignment

    places = [slot for slot, number in enumerate(room) for _place in range(min(number, len(left)))]
    meeting = 1 + sum(pairing.value for pairing in programme.pairings)
    worth = np.zeros((len(left), programme.slots), dtype=np.int64)
    for at, together in enumerate(left.values()):
        for pairing in together:
            worth[at, list(pins.slots[pairing.key])] += meeting + pairing.value
    at_places: Numbers = worth[:, places]
    names = list(left)
    pairs = zip(*linear_sum_assignment(at_places, maximize=True), strict=True)
    return {names[at]: places[place] for at, place in pairs if at_places[at, place]}


def _most_firms(held: dict[str, list[Pairing]], places: int) -> int:
    """Firms of several presentations, and of those with the most firms of their own as many as there are
    places."""
    firms = [firms_of(together) for together in held.values()]
    times = Counter(firm for each in firms for firm in each)
    own = sorted((sum(times[firm] == 1 for firm in each) for each in firms), reverse=True)
    return sum(number > 1 for number in times.values()) + sum(own[:places])
