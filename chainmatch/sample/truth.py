"""The truth that the sample was built from, for measuring precision and recall."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec

from chainmatch.sample.generate import SEED, generate
from chainmatch.sample.records import DemandTruth

_DECODER = msgspec.json.Decoder(DemandTruth)


def truth(seed: int = SEED, *, today: date) -> tuple[DemandTruth, ...]:
    """What is true of the sample with that seed and day: one record for each verified demand line."""
    return generate(seed, today=today).truth


def write_truth(path: Path, records: Iterable[DemandTruth]) -> None:
    """Write one JSON object a line; a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(b"".join(msgspec.json.encode(record) + b"\n" for record in records))
    partial.replace(path)


def read_truth(path: Path) -> tuple[DemandTruth, ...]:
    """Read what ``write_truth`` wrote."""
    return tuple(_DECODER.decode(line) for line in path.read_bytes().splitlines())
