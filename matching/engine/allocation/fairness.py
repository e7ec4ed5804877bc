"""Fair shares among needs that are worth the same to one offer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from matching.engine.allocation.pool import Ints, Pool

SWEEPS = 8


def share_fairly(pool: Pool, amounts: Ints, asked: Sequence[int]) -> Ints:
    """The amounts with ties settled: equal worth, no limit broken, the least covered first.

    ``asked`` is by need: all that it wants, in steps, even where no offer could give that much.

    An offer's quantity that goes to needs of equal worth is poured where the covered part is lowest, until
    all of them stand equally high or have all they want. Offers take turns a few times, as one's share
    changes another's. Shares that would break a minimum order or a number of suppliers stay as they are.
    """
    ties = _ties(pool, amounts)
    shared = amounts.copy()
    covered = pool.received(amounts)
    for _ in range(SWEEPS):
        moved = False
        for pairs in ties:
            moved |= _pour(pool, pairs, shared, covered, asked)
        if not moved:
            break
    return shared


def _ties(pool: Pool, amounts: Ints) -> list[Ints]:
    """Pairs of one offer and one worth, where some of the needs go short and some quantity can move."""
    order = np.lexsort((np.arange(len(pool)), pool.worth, pool.offer))
    changes = (np.diff(pool.offer[order]) != 0) | (np.diff(pool.worth[order]) != 0)
    short = pool.received(amounts) < pool.wanted
    tied = np.split(order, np.flatnonzero(changes) + 1)
    return [
        pairs for pairs in tied if len(pairs) > 1 and amounts[pairs].any() and short[pool.need[pairs]].any()
    ]


def _pour(pool: Pool, tied: Ints, amounts: Ints, covered: Ints, asked: Sequence[int]) -> bool:
    """Share what the pairs carry anew; whether that moved anything."""
    pairs = np.array([at for at in tied.tolist() if amounts[at] or _may_join(pool, at, amounts)])
    need, before = pool.need[pairs], amounts[pairs]
    held = covered[need] - before
    parts = np.array(_levelled(held.tolist(), [asked[at] for at in need], int(before.sum())))
    if (parts == before).all() or ((parts > 0) & (parts < pool.least[pairs])).any():
        return False
    covered[need] += parts - before
    amounts[pairs] = parts
    return True


def _may_join(pool: Pool, pair: int, amounts: Ints) -> bool:
    first, last = np.searchsorted(pool.need, [pool.need[pair], pool.need[pair] + 1])
    firms = set(pool.firm[first:last][amounts[first:last] > 0].tolist()) | {int(pool.firm[pair])}
    return bool(len(firms - {-1}) <= pool.slots[pool.need[pair]])


def _levelled(held: Sequence[int], wanted: Sequence[int], total: int) -> list[int]:
    """Parts of ``total`` that raise the lowest of ``held / wanted`` as far as possible; none above 1.

    Whole steps that remain go to the needs in their order.
    """
    level = _level(held, wanted, total)
    parts = [max(0, min(most, int(level * most)) - has) for has, most in zip(held, wanted, strict=True)]
    left = total - sum(parts)
    for at, (has, most) in enumerate(zip(held, wanted, strict=True)):
        if left and has <= level * most and has + parts[at] < most:
            parts[at] += 1
            left -= 1
    return parts


def _level(held: Sequence[int], wanted: Sequence[int], total: int) -> Fraction:
    """How high the parts reach: the lowest needs are filled up to the next one's level, again and again."""
    starts = sorted((Fraction(has, most), most, has) for has, most in zip(held, wanted, strict=True))
    sum_most, sum_held = 0, 0
    level = Fraction(0)
    for at, (_, most, has) in enumerate(starts):
        sum_most, sum_held = sum_most + most, sum_held + has
        level = Fraction(sum_held + total, sum_most)
        if at + 1 == len(starts) or level <= starts[at + 1][0]:
            break
    return min(level, Fraction(1))
