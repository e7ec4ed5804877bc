"""Labelled data is read as people leave it lying about."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.folders import Folder, Line, find, read
from tests.benchmarks.conftest import Write


def test_a_folder_as_described(write: Write) -> None:
    folder = read(
        write(
            demands="d1\t水泵\nd2\t门\n",
            demands_body="d1\t每分钟 3 吨\n",
            supplies="s1\t高压泵\t清水\ns2\t木门\n",
            qrels="d1\ts1\t1\nd2\ts2\t0\n",
            confirmed="抽水机\ts1\n抽水的\ts1\n",
        )
    )
    assert folder == Folder(
        name="pumps",
        demands=(Line("d1", "水泵", "每分钟 3 吨"), Line("d2", "门")),
        supplies=(Line("s1", "高压泵", "清水"), Line("s2", "木门")),
        grades={"d1": {"s1": 1}, "d2": {"s2": 0}},
        confirmed={"s1": ("抽水机", "抽水的")},
    )


def test_what_is_optional_may_be_missing(write: Write) -> None:
    folder = read(write(qrels=None))
    assert (folder.grades, folder.confirmed, folder.demands[0].body) == ({}, {}, "")


@pytest.mark.parametrize("missing", ["demands", "supplies"])
def test_without_demands_or_supplies_there_is_no_folder(write: Write, missing: str) -> None:
    with pytest.raises(FileNotFoundError, match=missing):
        read(write(**{missing: None}))


def test_lines_of_headings_are_passed_over(write: Write) -> None:
    folder = read(
        write(
            demands="id\ttext\nd1\t水泵\n",
            supplies="ID\ttitle\tbody\ns1\t泵\t\n",
            qrels="demand\tsupply\tgrade\nd1\ts1\t1\n",
            confirmed="text\tsupply\n抽水机\ts1\n",
        )
    )
    assert [line.key for line in (*folder.demands, *folder.supplies)] == ["d1", "s1"]
    assert (folder.grades, folder.confirmed) == ({"d1": {"s1": 1}}, {"s1": ("抽水机",)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(write: Write, encoding: str) -> None:
    folder = read(write(demands="d1\t高压水泵\n".encode(encoding)))
    assert folder.demands == (Line("d1", "高压水泵"),)


def test_only_line_feeds_end_a_line(write: Write) -> None:
    folder = read(write(demands="d1\t水\u2028泵\x0b车\r\n\r\nd2\t门"))
    assert folder.demands == (Line("d1", "水\u2028泵\x0b车"), Line("d2", "门"))


def test_the_first_line_of_an_id_and_the_highest_grade_of_a_pair_count(write: Write) -> None:
    folder = read(
        write(
            demands="d1\t水泵\nd1\t门\n",
            supplies="s1\t泵\ns1\t木门\n",
            qrels="d1\ts1\t1\nd1\ts1\t0\n",
        )
    )
    assert (folder.demands, folder.supplies) == ((Line("d1", "水泵"),), (Line("s1", "泵"),))
    assert folder.grades == {"d1": {"s1": 1}}


def test_judgements_in_the_four_columns_of_trec(write: Write) -> None:
    assert read(write(qrels="d1\t0\ts2\t2.0\n")).grades == {"d1": {"s2": 2}}


@pytest.mark.parametrize(("grades", "relevant_at"), [((0, 1), 1), ((1, 2), 1), ((0, 3), 2), ((1,), 1)])
def test_the_grade_that_counts_depends_on_how_far_grades_go(
    write: Write, grades: tuple[int, ...], relevant_at: int
) -> None:
    lines = "".join(f"d1\ts{at}\t{grade}\n" for at, grade in enumerate(grades))
    assert read(write(qrels=lines)).relevant_at == relevant_at


def test_folders_are_found_among_and_inside_the_given_paths(write: Write, tmp_path: Path) -> None:
    one, other = write("one"), write("other")
    (tmp_path / "README.md").write_text("about")
    assert list(find([tmp_path])) == [one, other]
    assert list(find([one, tmp_path / "README.md"])) == [one]


def test_a_path_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(find([tmp_path / "nowhere"]))
