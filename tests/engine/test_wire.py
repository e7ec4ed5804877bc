from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings

from matching.engine.pipeline import finish, match_shard
from matching.engine.types import AllocationPlan, Need, NeedResult, Offer, Policy
from matching.engine.wire import decode, digest, encode
from tests.engine.values_of import AS_OF, GLOSSARY, markets, need, offer


@settings(max_examples=40)
@given(markets(most=4))
def test_values_come_back_unchanged(market: tuple[list[Need], list[Offer]]) -> None:
    needs_, offers = market
    results = match_shard(needs_, offers, Policy(), GLOSSARY, AS_OF)
    plan, gaps = finish(needs_, offers, results, Policy(), {}, AS_OF, GLOSSARY)
    assert decode(encode(results), tuple[NeedResult, ...]) == results
    assert decode(encode(plan), AllocationPlan) == plan
    assert decode(encode(tuple(needs_)), tuple[Need, ...]) == tuple(needs_)
    assert decode(encode(tuple(offers)), tuple[Offer, ...]) == tuple(offers)
    assert encode(gaps) == encode(gaps)


def test_decimals_and_dates_are_text() -> None:
    assert b'"quantity":"100"' in encode(need())
    assert b'"expires":"2027-01-01"' in encode(offer())


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(b'{"key": 1}', Need)


def test_the_cut_between_parts_counts() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")
    assert digest() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_engine_loads_no_framework_and_no_solver() -> None:
    script = (
        "import sys\n"
        "from matching.engine import agenda, pipeline, values, wire\n"
        "print(sorted({'django', 'rest_framework', 'celery', 'redis', 'ortools'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
