"""``manage.py import_confirmations`` brings an office's history."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from matching.lists.states import LineState
from matching.memory.models import Confirmation
from tests import factories, world

pytestmark = pytest.mark.django_db


def _run(file: Path, actor: User | str, **options: bool) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    name = actor if isinstance(actor, str) else actor.username
    call_command("import_confirmations", str(file), actor=name, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def _file(tmp_path: Path, here: world.World) -> Path:
    line = factories.make_supply(here.member, here.chain, state=LineState.VERIFIED)
    file = tmp_path / "历史.csv"
    rows = (f"太阳能薄片,{line.organisation.uscc},{line.key}", "薄片,x,y")
    file.write_bytes("\n".join(rows).encode("gb18030"))
    return file


def test_good_rows_are_remembered_and_bad_ones_told(tmp_path: Path) -> None:
    here = world.build()
    file = _file(tmp_path, here)
    dry, _told = _run(file, here.office, dry_run=True)
    assert not Confirmation.objects.exists()
    out, err = _run(file, here.office)
    assert dry == out == "1 remembered, 0 known, 0 revoked, 1 refused\n"
    assert err.startswith("2: ")
    assert Confirmation.objects.get().confirmed_by == here.office
    assert _run(file, here.office)[0] == "0 remembered, 1 known, 0 revoked, 1 refused\n"


def test_only_an_office_vouches(tmp_path: Path) -> None:
    here = world.build()
    file = _file(tmp_path, here)
    for actor in (here.leader, here.department, "nobody"):
        with pytest.raises(CommandError):
            _run(file, actor)
    with pytest.raises(CommandError):
        _run(tmp_path / "absent.csv", here.office)
    assert not Confirmation.objects.exists()
