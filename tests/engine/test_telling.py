from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from matching.engine import wire
from matching.engine.conditions import Reader, from_text
from matching.engine.pipeline import match_shard
from matching.engine.telling import Teller, Told, words_asked, words_in_common
from matching.engine.text import index_glossary
from matching.engine.types import Need, Offer, Policy
from tests.engine.values_of import AS_OF, GLOSSARY, markets, need, offer

WORDS = index_glossary(GLOSSARY)
TELLER = Teller(Policy(), Reader(WORDS), AS_OF)


def _told(wanted: Need, given_: Offer, *, confirmed: bool = False) -> Told:
    (result,) = match_shard([wanted], [given_], Policy(), GLOSSARY, AS_OF)
    (match,) = result.matches
    return TELLER.tell(wanted, given_, match.conditions, match.criteria, confirmed=confirmed)


def _reason(told: Told) -> str:
    return next(term.reason.zh for term in told.criteria if term.criterion == "text")


def test_words_in_common_are_the_longest_of_the_two_lines_own() -> None:
    assert words_in_common(words_asked(need(), WORDS), offer(), WORDS) == ("圆环链条",)
    assert words_in_common(
        words_asked(need(title="304钢板"), WORDS), offer(title="06Cr19Ni10 钢板"), WORDS
    ) == (
        "06cr19ni10",
        "钢板",
    )
    assert words_in_common(words_asked(need(title="轴承"), WORDS), offer(title="硅片"), WORDS) == ()


def test_an_alias_lends_no_word() -> None:
    given_ = offer(aliases=("刮板输送机",))
    assert words_in_common(words_asked(need(), WORDS), given_, WORDS) == words_in_common(
        words_asked(need(), WORDS), offer(), WORDS
    )


def test_what_was_confirmed_before_is_the_reason() -> None:
    assert _reason(_told(need(), offer())) == "共同词语：圆环链条"
    assert _reason(_told(need(), offer(), confirmed=True)) == "以前确认过相近的需求"


def test_a_failure_that_can_not_be_told_any_more_keeps_its_kind() -> None:
    told = TELLER.tell(need(), offer(), from_text("P+ Y-1000"), (9_000, *[None] * 7))
    assert [one.kind.value for one in told.conditions] == ["parameter"]
    assert told.failing is not None
    assert (told.failing.kind.value, told.failing.shortfall) == ("price", 1_000)


@settings(max_examples=40)
@given(markets(most=4))
def test_packed_results_come_back_and_can_be_told(market: tuple[list[Need], list[Offer]]) -> None:
    needs_, offers = market
    results = match_shard(needs_, offers, Policy(), GLOSSARY, AS_OF)
    assert tuple(map(wire.unpack, wire.pieces(wire.pack(results)))) == results
    needed, offered = {one.key: one for one in needs_}, {one.key: one for one in offers}
    for result in results:
        for pair in (*result.matches, *(miss.candidate for miss in result.near_misses)):
            told = TELLER.tell(needed[pair.need], offered[pair.offer], pair.conditions, pair.criteria)
            assert len(told.conditions) == len(pair.conditions)
            assert (told.failing is None) == pair.feasible
            weights = sum(term.weight for term in told.criteria)
            assert pair.score == sum(term.value * term.weight for term in told.criteria) // weights


def test_every_piece_is_the_same_in_any_company() -> None:
    needs_ = [need(f"D{at}") for at in range(4)]
    results = match_shard(needs_, [offer()], Policy(), GLOSSARY, AS_OF)
    alone = [piece for result in results for piece in wire.pieces(wire.pack([result]))]
    assert wire.pieces(wire.pack(results)) == alone
    assert wire.unpack(alone[0]) == replace(results[0], need="D0")
