"""Pins are hashed and name no address; the environment's stamp follows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from requirements import install
from tests.services import PROJECT

FILES = sorted((PROJECT / "requirements").glob("*.txt"))


def pins(file: Path) -> list[str]:
    """The pinned requirements of a file, each with its hashes."""
    return file.read_text().replace("\\\n", "").splitlines()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_pin_is_exact_and_hashed(file: Path) -> None:
    assert [
        line for line in pins(file) if not re.match(r"[a-z0-9-]+(\[\w+\])?==\S+ .*--hash=sha256:", line)
    ] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_pin_names_an_address(file: Path) -> None:
    assert "://" not in file.read_text()


def test_the_files_agree_with_each_other() -> None:
    versions: dict[str, set[str]] = {}
    for line in (line for file in FILES for line in pins(file)):
        name, version = re.match(r"([^=\[]+)(?:\[\w+\])?==(\S+)", line).groups()  # type: ignore[union-attr]
        versions.setdefault(name, set()).add(version)
    split_by_python = {"deprecated", "numpy", "pint", "scipy"}
    assert {name for name, found in versions.items() if len(found) > 1} == split_by_python


def test_every_wanted_package_is_pinned() -> None:
    wanted = {
        re.split(r"[\[<>=;]", line)[0].strip()
        for file in (PROJECT / "requirements").glob("*.in")
        for line in file.read_text().splitlines()
        if line and not line.startswith(("-", "#"))
    }
    pinned = {line.split("==")[0] for file in FILES for line in pins(file)}
    assert wanted - pinned == set()


def test_nothing_is_installed_while_the_stamp_is_current() -> None:
    wanted = install.wanted_stamp(dev=True)
    assert install.missing(wanted, wanted) == []


def test_the_first_test_run_adds_only_what_tests_need() -> None:
    assert install.missing(install.wanted_stamp(dev=False), install.wanted_stamp(dev=True)) == ["dev"]


def test_changed_pins_renew_everything() -> None:
    assert install.missing({"base": "old", "dev": "old"}, install.wanted_stamp(dev=True)) == ["base", "dev"]


def test_a_half_made_environment_has_no_stamp(tmp_path: Path) -> None:
    assert install.read_stamp(tmp_path) == {}


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(install.SetupError, match="was not made by this set-up"):
        install.install(tmp_path, dev=False)
    assert (tmp_path / "thesis.txt").exists()
