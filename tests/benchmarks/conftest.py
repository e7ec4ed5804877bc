"""A small folder of labelled data in the form that the benchmarks read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]

FILES = {
    "demands.tsv": "d1\t球磨机衬板\nd2\t高压水泵\nd3\t没有人供应的东西\n",
    "supplies.tsv": "s1\t球磨机\t整机\ns2\t耐磨衬板\t球磨机用\ns3\t高压泵\t清水\ns4\t木门\t\n",
    "qrels.tsv": "d1\ts2\t1\nd1\ts1\t0\nd2\ts3\t1\n",
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a folder; files given by name replace the usual ones, None leaves one out."""

    def written(name: str = "pumps", **files: str | bytes | None) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        replaced = {f"{stem}.tsv": content for stem, content in files.items()}
        for file, content in {**FILES, **replaced}.items():
            if content is not None:
                (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return written
