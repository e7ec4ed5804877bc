"""The compiled loop that weighs what queries ask for."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def weigh(title_at, titles, body_at, bodies, tags, gains, idfs, ranks, repeats, mean_norm, numbers):
    """Distinct tokens of each query with their weights, in the order of title, body and tag.

    ``tags`` are -1 for none; ``idfs`` are negative for tokens that no body counts; of equally strong
    tokens of a body the lower of ``ranks`` is kept; ``repeats`` is ``1 + ln(n)`` at n. ``numbers`` are unit
    of weight, unit of impact, b, share of the body, its most tokens and the share that makes a bonus.
    Returns at, tokens, weights, and for each query what is perfect and its bonus.
    """
    unit, impact, b, share, most, tag_share = numbers
    queries = title_at.size - 1
    at = np.zeros(queries + 1, np.int64)
    tokens = np.empty(titles.size + bodies.size + queries, np.uint32)
    weights = np.empty(tokens.size, np.uint32)
    perfect, bonus = np.ones(queries, np.int64), np.zeros(queries, np.int64)
    times = np.zeros(gains.size, np.int64)
    places = np.full(gains.size, -1, np.int64)
    best, strengths = np.empty(most, np.int64), np.empty(most, np.float64)
    end = 0
    for query in range(queries):
        begin = end
        end = _distinct(titles[title_at[query] : title_at[query + 1]], times, tokens, end)
        squares, sums = 0.0, 0.0
        for entry in range(begin, end):
            token = tokens[entry]
            places[token] = entry
            weights[entry] = 2 * times[token] * unit // (1 + times[token])
            squares += gains[token] * gains[token]
            sums += gains[token] * weights[entry]
            times[token] = 0
        worth = np.rint(sums * impact / (1 - b + b * np.sqrt(squares) / mean_norm))
        perfect[query] = max(1, np.int64(worth))
        scale = np.sqrt(float(max(1, end - begin)))
        body = bodies[body_at[query] : body_at[query + 1]]
        held = _strongest(body, times, gains, idfs, ranks, repeats, best, strengths)
        squares = 0.0
        for one in range(held):
            strength = idfs[best[one]] * repeats[times[best[one]]]
            squares += strength * strength
        norm = np.sqrt(squares) if squares > 0.0 else 1.0
        for one in range(held):
            token = best[one]
            weight = unit * share * (idfs[token] * repeats[times[token]]) * scale / norm
            if places[token] < 0:
                places[token] = end
                tokens[end], weights[end] = token, 0
                end += 1
            weights[places[token]] += np.uint32(np.rint(weight))
        for entry in range(body.size):
            times[body[entry]] = 0
        if tags[query] >= 0:
            bonus[query] = perfect[query] // tag_share
            if places[tags[query]] < 0:
                places[tags[query]] = end
                tokens[end] = tags[query]
                end += 1
            weights[places[tags[query]]] = bonus[query]
        for entry in range(begin, end):
            places[tokens[entry]] = -1
        at[query + 1] = end
    return at, tokens[:end].copy(), weights[:end].copy(), perfect, bonus


@njit(cache=True, nogil=True)
def _distinct(words, times, tokens, end):
    """Count words in ``times``; each new one is put behind the tokens. Returns where these end now."""
    for entry in range(words.size):
        if times[words[entry]] == 0:
            tokens[end] = words[entry]
            end += 1
        times[words[entry]] += 1
    return end


@njit(cache=True, nogil=True)
def _strongest(body, times, gains, idfs, ranks, repeats, best, strengths):
    """The strongest tokens of a body, strongest first; returns how many. ``times`` counts all of them."""
    for entry in range(body.size):
        times[body[entry]] += 1
    held = 0
    for entry in range(body.size):
        token = body[entry]
        # Each token is looked at where it first occurs, and marked by a negative count.
        if times[token] < 0:
            continue
        times[token] = -times[token]
        if idfs[token] < 0.0:
            continue
        strength = idfs[token] * repeats[-times[token]] * gains[token]
        place = held
        while place > 0 and (
            strengths[place - 1] < strength
            or (strengths[place - 1] == strength and ranks[best[place - 1]] > ranks[token])
        ):
            place -= 1
        if place == best.size:
            continue
        held = min(held + 1, best.size)
        for later in range(held - 1, place, -1):
            best[later], strengths[later] = best[later - 1], strengths[later - 1]
        best[place], strengths[place] = token, strength
    for entry in range(body.size):
        times[body[entry]] = abs(times[body[entry]])
    return held


@njit(cache=True, nogil=True)
def rarest_first(at, ids, weights, holders):
    """The terms of each query that have a number, those with the fewest holders first, equal ones by number.

    ``ids`` are -1 for words without a number. Returns at, ids, weights.
    """
    found_at = np.zeros(at.size, np.int64)
    found, found_weights = np.empty(ids.size, np.uint32), np.empty(ids.size, np.uint32)
    end = 0
    for query in range(at.size - 1):
        begin = end
        for entry in range(at[query], at[query + 1]):
            if ids[entry] < 0:
                continue
            term = np.uint32(ids[entry])
            place = end
            while place > begin and (holders[found[place - 1]], found[place - 1]) > (holders[term], term):
                found[place], found_weights[place] = found[place - 1], found_weights[place - 1]
                place -= 1
            found[place], found_weights[place] = term, weights[entry]
            end += 1
        found_at[query + 1] = end
    return found_at, found[:end].copy(), found_weights[:end].copy()
