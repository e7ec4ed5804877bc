"""People and organisations: credit codes, scopes, visibility."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.hashers import get_hashers
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from accounts.models import GradeHolding, Membership, Organisation
from accounts.roles import OrganisationKind, Role
from accounts.services import register_organisation
from accounts.validators import validate_uscc
from tests import factories


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91140100MA0T00001", "uscc_length"),
        (factories.credit_code(1)[:-1] + "?", "uscc_format"),
        ("9114010OMA0T000017", "uscc_format"),
    ],
)
def test_a_wrong_credit_code_is_told_apart(code: str, problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_uscc(code)
    assert refused.value.code == problem


def test_every_other_check_character_is_refused() -> None:
    good = factories.credit_code(7)
    validate_uscc(good)
    for character in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        if character != good[-1]:
            with pytest.raises(ValidationError):
                validate_uscc(good[:-1] + character)


@pytest.mark.django_db
def test_a_firm_needs_a_credit_code_and_an_office_does_not() -> None:
    register_organisation(kind=OrganisationKind.OFFICE, name="示例专班", region="14")
    with pytest.raises(ValidationError):
        register_organisation(kind=OrganisationKind.MEMBER_FIRM, name="示例厂", region="140105")


@pytest.mark.django_db
def test_expired_grades_do_not_count() -> None:
    firm = factories.make_firm(OrganisationKind.MEMBER_FIRM)
    for grade, expires in (("专精特新", date(2026, 1, 1)), ("规上", None), ("小巨人", date(2027, 1, 1))):
        GradeHolding.objects.create(organisation=firm, grade=grade, expires=expires)
    assert firm.valid_grades(date(2026, 11, 22)) == ["小巨人", "规上"]


@pytest.mark.django_db
def test_an_ended_role_gives_nothing() -> None:
    office = factories.make_user(Role.CHAIN_OFFICE)
    Membership.objects.filter(user=office).update(is_active=False)
    assert not Organisation.objects.visible_to(office).exists()


@pytest.mark.django_db
def test_who_sees_which_organisations() -> None:
    taiyuan = factories.make_firm(OrganisationKind.MEMBER_FIRM, region="140105")
    datong = factories.make_firm(OrganisationKind.MEMBER_FIRM, region="140202")
    city = factories.make_user(Role.CITY_TASK_FORCE, regions=("1401",))
    firm = factories.make_user(Role.MEMBER_FIRM, datong)
    chief = factories.make_user(Role.CHIEF_CHAIN_HEAD)

    def seen(person: object) -> set[Organisation]:
        visible = Organisation.objects.visible_to(person)  # type: ignore[arg-type]
        return set(visible) & {taiyuan, datong}

    assert seen(city) == {taiyuan}
    assert seen(firm) == {datong}
    assert seen(chief) == {taiyuan, datong}
    assert seen(AnonymousUser()) == set()


def test_passwords_are_kept_as_argon2_outside_the_tests(settings: object) -> None:
    names = [hasher.algorithm for hasher in get_hashers()]
    assert names[-1] == "argon2"
