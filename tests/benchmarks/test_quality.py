"""The command that measures quality: tables on screen, rankings in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import ours, peers, quality
from benchmarks.folders import read
from tests.benchmarks.conftest import Write


def _figures(table: str) -> dict[str, list[float]]:
    """Name of the method → R@10, R@100, MRR@10, nDCG@10."""
    rows = [line.rsplit(maxsplit=5) for line in table.splitlines()]
    return {row[0]: [float(cell) for cell in row[1:5]] for row in rows if len(row) == 6 and row[1][0] in "01"}


def test_every_method_is_measured_on_the_same_folder(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    quality.report(read(write()), confirmed=True)
    assert _figures(capsys.readouterr().out) == {
        "ChainMatch": [1, 1, 1, 1],
        "bm25s": [1, 1, 1, 1],
        "char TF-IDF": [1, 1, 1, 1],
    }


def test_what_is_not_installed_is_not_compared_with(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda _: None)
    quality.report(read(write()), confirmed=True)
    assert _figures(capsys.readouterr().out) == {"ChainMatch": [1, 1, 1, 1]}


def test_what_was_confirmed_is_measured_apart(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = read(write(qrels="d3\ts4\t1\n", confirmed="没有人供应的东西\ts4\n"))
    found = quality.report(folder, confirmed=True)
    figures = _figures(capsys.readouterr().out)
    assert (figures["bm25s"], figures["bm25s, confirmed"]) == ([0] * 4, [1] * 4)
    assert figures.keys() == {
        f"{name}{known}" for name in ("ChainMatch", "bm25s", "char TF-IDF") for known in ("", ", confirmed")
    }
    assert found == ours.hits(folder, confirmed=True)


def test_without_confirmed_pairs_none_are_used(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = read(write(confirmed="没有人供应的东西\ts4\n"))
    found = quality.report(folder, confirmed=False)
    assert found == ours.hits(folder, confirmed=False)
    assert "confirmed" not in capsys.readouterr().out


def test_without_judgements_there_is_a_ranking_all_the_same(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = read(write(qrels=None))
    assert quality.report(folder, confirmed=True)["d1"][0][0] == "s2"
    assert "no judgements" in capsys.readouterr().out


def test_a_run_lists_demand_supply_rank_and_score(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "runs" / "pumps.tsv"
    quality.write_run(path, {"d1": [("s2", 70), ("s1", 40)], "d2": [], "d3": [("s4", 5)]})
    assert path.read_text() == "d1\ts2\t1\t70\nd1\ts1\t2\t40\nd3\ts4\t1\t5\n"


def test_rankings_hold_a_hundred_supplies_at_most_and_scores_never_rise(write: Write) -> None:
    many = "".join(f"s{at}\t高压水泵 型号{at}\n" for at in range(150))
    ranked = ours.hits(read(write(supplies=many)), confirmed=True)["d2"]
    assert len(ranked) == 100
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
