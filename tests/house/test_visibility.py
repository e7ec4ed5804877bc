"""Every model says who sees its rows, or is exempt in writing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from accounts.roles import Role
from matching.lists.models import Certificate, LineEvent, Property, Requirement
from matching.lists.states import LineState
from matching.runs.models import PolicyVersion
from tests import factories, world

EXEMPT = {
    "AuditSeal": "hashes of the audit's entries, read with them",
    "AuditProgress": "how far sealing of the audit has come, read by code only",
    "AuditCut": "where old entries of the audit end, read by the verifier only",
    "DataKey": "keys of sealed values, themselves encrypted, read by code only",
    "User": "accounts are shown to nobody but themselves and to staff in the admin",
    "CalendarEntry": "what calendars were told, read when a calendar is written",
    "FrozenLine": "input of a run, read by workers only",
    "Shard": "work of a run, read by workers only; people see the run's progress",
    "KeptAnswer": "answers kept for requests that are sent again, opened only by their key",
    "LiveIndex": "where the index of a list's titles lies, read by code only",
    "CapacityTaken": "what contracts take of a capacity, read by code only; people read the agreement",
    "Change": "the changes feed tells of objects through what each reader sees of them",
    "Gathering": "how far the audit was read for the changes feed",
    "OutboxMessage": "work to do, read by beat only",
    "SignInFailures": "counters of wrong passwords; a security administrator sees who is locked",
    "UsedPassword": "hashes of passwords, compared by code only",
    "TextMeaning": "numbers that a model made of a text, read by workers only",
}


def test_every_model_has_visible_to_or_is_exempt() -> None:
    without = {
        model.__name__
        for label in ("accounts", "matching")
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model._default_manager.all(), "visible_to")
    }
    assert without == set(EXEMPT)


@pytest.mark.django_db
def test_rows_of_lines_are_seen_with_their_line() -> None:
    here = world.build()
    thickness = {"parameter": "厚度", "low": 1, "high": 2, "unit": "mm"}
    factories.make_demand(
        here.leader,
        here.chain,
        state=LineState.VERIFIED,
        requirements=({**thickness, "operator": "between"},),
    )
    factories.make_supply(
        here.member,
        here.chain,
        state=LineState.VERIFIED,
        properties=(thickness,),
        certificates=({"name": "ISO 9001"},),
    )
    stranger = factories.make_user(Role.MEMBER_FIRM)
    seen = {
        name: [model.objects.visible_to(person).count() for model in (Requirement, Property, Certificate)]
        for name, person in (
            ("leader", here.leader),
            ("member", here.member),
            ("office", here.office),
            ("stranger", stranger),
            ("nobody", AnonymousUser()),
        )
    }
    assert seen == {
        "leader": [1, 0, 0],
        "member": [0, 1, 1],
        "office": [1, 1, 1],
        "stranger": [0, 0, 0],
        "nobody": [0, 0, 0],
    }
    assert LineEvent.objects.visible_to(here.leader).count() == 1
    assert PolicyVersion.objects.visible_to(here.leader).count() == 0
