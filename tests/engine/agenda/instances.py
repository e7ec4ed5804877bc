"""Random small meetings, and what is best by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypothesis import strategies as st

from matching.engine.agenda import Agenda, Pairing, Pin, Programme, Seat, Worth, check_agenda, worth_of

CITIES = ("", "1401", "1402")


@st.composite
def pairings(draw: st.DrawFn, most: int, parties: int = 6) -> tuple[Pairing, ...]:
    """Pairs of a few firms."""
    firm = st.integers(0, parties)
    return tuple(
        Pairing(f"p{at:02}", f"d{draw(firm)}", f"s{draw(firm)}", draw(st.integers(0, 9)))
        for at in range(draw(st.integers(0, most)))
    )


@st.composite
def programmes(draw: st.DrawFn, most: int = 8, slots: int = 4, parties: int = 3) -> Programme:
    """Small meetings with every rule there is."""
    people = st.sampled_from(((), (), ("wang",), ("li",)))
    spoken = st.sampled_from(("", "", "", "de"))
    number = draw(st.integers(1, slots))
    tables = draw(st.integers(1, 3))
    held = tuple(
        Pairing(
            f"p{at}",
            f"d{draw(st.integers(0, parties))}",
            f"s{draw(st.integers(0, parties))}",
            draw(st.integers(0, 9)),
            draw(people),
            draw(spoken),
            draw(st.sampled_from(CITIES)),
        )
        for at in range(draw(st.integers(0, most)))
    )
    slot = st.integers(0, number - 1)
    who = st.sampled_from(("d0", "d1", "s0", "s1", "wang"))
    pinned = draw(st.dictionaries(st.sampled_from([p.key for p in held]), slot, max_size=1)) if held else {}
    return Programme(
        held,
        tables,
        number,
        away=draw(st.dictionaries(who, st.frozensets(slot), max_size=3)),
        shut=draw(st.frozensets(st.tuples(st.integers(0, tables - 1), slot), max_size=2)),
        interpreters=draw(st.sampled_from(({}, {"de": 1}))),
        gap=draw(st.sampled_from((0, 0, 0, 1))),
        travel={frozenset(("1401", "1402")): far} if (far := draw(st.integers(0, 2))) else {},
        pins={key: Pin(at) for key, at in pinned.items()},
    )


def timetables(programme: Programme) -> Iterator[Mapping[str, int]]:
    """Every valid choice of slots, tables left open."""

    def valid(slot_of: dict[str, int]) -> bool:
        seats, used = [], dict.fromkeys(range(programme.slots), 0)
        open_tables = {
            slot: [table for table in range(programme.tables) if (table, slot) not in programme.shut]
            for slot in range(programme.slots)
        }
        for key, slot in slot_of.items():
            if used[slot] >= len(open_tables[slot]):
                return False
            seats.append(Seat(key, open_tables[slot][used[slot]], slot))
            used[slot] += 1
        left = tuple(pairing.key for pairing in programme.pairings if pairing.key not in slot_of)
        return not check_agenda(programme, Agenda(tuple(seats), left))

    def further(at: int, slot_of: dict[str, int]) -> Iterator[Mapping[str, int]]:
        if at == len(programme.pairings):
            yield dict(slot_of)
            return
        yield from further(at + 1, slot_of)
        key = programme.pairings[at].key
        for slot in range(programme.slots):
            slot_of[key] = slot
            if valid(slot_of):
                yield from further(at + 1, slot_of)
            del slot_of[key]

    yield from further(0, {})


def worth(programme: Programme, slot_of: Mapping[str, int]) -> Worth:
    """Of a choice of slots."""
    return worth_of(programme.by_key[key] for key in slot_of)


def greedy(programme: Programme) -> int:
    """Meetings of the plain rule: the most valuable pair first, in the first slot that suits it."""
    placed: list[Seat] = []
    for pairing in sorted(programme.pairings, key=lambda pairing: (-pairing.value, pairing.key)):
        for slot in range(programme.slots):
            taken = {seat.table for seat in placed if seat.slot == slot}
            for table in range(programme.tables):
                seat = Seat(pairing.key, table, slot)
                left = tuple(
                    other.key
                    for other in programme.pairings
                    if other.key != pairing.key and other.key not in {held.pairing for held in placed}
                )
                if table not in taken and not check_agenda(programme, Agenda((*placed, seat), left)):
                    placed.append(seat)
                    break
            else:
                continue
            break
    return len(placed)
