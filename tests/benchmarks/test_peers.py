"""The methods that the product is compared with find what is plainly there."""

from __future__ import annotations

import os

import psycopg
import pytest

from benchmarks import peers
from benchmarks.folders import Folder, read
from tests.benchmarks.conftest import Write


@pytest.fixture
def folder(write: Write) -> Folder:
    return read(write(confirmed="没有人供应的东西\ts4\n"))


@pytest.mark.parametrize("rank", [peers.bm25, peers.tfidf])
def test_the_nearest_text_comes_first(folder: Folder, rank: peers.Ranker) -> None:
    found = rank(folder, peers.texts(folder, bodies=False, confirmed=False))
    assert (found["d1"][:1], found["d2"][:1]) == (["s2"], ["s3"])


@pytest.mark.parametrize("rank", [peers.bm25, peers.tfidf])
def test_a_confirmed_text_finds_its_supply_once(folder: Folder, rank: peers.Ranker) -> None:
    without = rank(folder, peers.texts(folder, bodies=False, confirmed=False))["d3"]
    found = rank(folder, peers.texts(folder, bodies=False, confirmed=True))["d3"]
    assert without == []
    assert found == ["s4"]


@pytest.mark.parametrize("rank", [peers.bm25, peers.tfidf])
def test_english_is_compared_by_runs_of_characters(write: Write, rank: peers.Ranker) -> None:
    folder = read(write(demands="d\tpumping\n", supplies="a\tdoor\nb\tpump station\n", qrels="d\tb\t1\n"))
    given = peers.texts(folder, bodies=False, confirmed=False)
    assert (given.chinese, rank(folder, given)) == (False, {"d": ["b"]})


def test_bodies_of_demands_join_only_where_asked_for(write: Write) -> None:
    folder = read(write(demands="d1\t泵\n", demands_body="d1\t清水\n"))
    assert peers.texts(folder, bodies=False, confirmed=False).queries == ("泵",)
    assert peers.texts(folder, bodies=True, confirmed=False).queries == ("泵 清水",)


def test_pg_trgm_ranks_by_its_similarity(write: Write) -> None:
    folder = read(
        write(
            demands="d\thydraulic pump\n",
            supplies="a\twooden door\nb\thydraulic pumps\nc\thydraulic hose\n",
            confirmed="hydraulic pump\tc\n",
        )
    )
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        plain = peers.texts(folder, bodies=False, confirmed=False)
        assert peers.trigrams(folder, plain, connection) == {"d": ["b", "c"]}
        known = peers.texts(folder, bodies=False, confirmed=True)
        assert peers.trigrams(folder, known, connection) == {"d": ["c", "b"]}
