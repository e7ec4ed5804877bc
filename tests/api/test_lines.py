"""Lines over the API: natural keys, written values, secrets, whole lists, states, problems."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.roles import OrganisationKind, Role
from accounts.services import open_account
from matching.lists.models import DemandLine, LineEvent, SupplyLine
from matching.review.models import Review
from tests import factories
from tests.api.matrix import DEMAND, SUPPLY
from tests.api.story import API, SECRETS, Story, client_of

FULL: dict[str, Any] = {
    "key": "A-7",
    "chain": "photovoltaic",
    "node": "wafer",
    "title": "N型单晶硅片",
    "quantity": "120000.5",
    "unit": "片",
    "period": "quarter",
    "deliver_from": "2030-01-01",
    "deliver_until": "2030-06-30",
    "delivery_region": "1401",
    "price_ceiling": "12.5",
    "certificates": ["ISO9001"],
    "standards": ["GB/T 29055"],
    "regions": ["14"],
    "max_suppliers": 2,
    "stage": "series",
    "requirements": [
        {"parameter": "厚度", "operator": "between", "low": "0.12", "high": "0.16", "unit": "mm"},
        {"parameter": "少子寿命", "operator": "at_least", "low": "800", "unit": "us", "hard": False},
        {"parameter": "导电类型", "operator": "one_of", "values": ["N型", "N"]},
    ],
}


def _problem(response: Any, status: int = 400) -> dict[str, str]:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document.keys() == {"type", "title", "status", "detail", "instance", "errors"}
    assert document["status"] == status
    return {error["field"]: error["code"] for error in document["errors"]}


def test_what_is_written_is_read_again(story: Story) -> None:
    leader = story.client("leader")
    made = leader.post(f"{API}/demand-lines/", FULL)
    assert made.status_code == 201
    shown = leader.get(f"{API}/demand-lines/{made.json()['id']}/").json()
    assert shown == made.json()
    rows = [
        {name: row[name] for name in sent}
        for row, sent in zip(shown["requirements"], FULL["requirements"], strict=True)
    ]
    assert rows == FULL["requirements"]
    assert {name: shown[name] for name in FULL if name != "requirements"} == {
        name: value for name, value in FULL.items() if name != "requirements"
    }
    assert shown["organisation"] == str(story.names["organisation"])
    assert (shown["state"], shown["actions"]) == ("draft", ["edit", "submit", "withdraw"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3±0.1mm", {"operator": "between", "low": "2.9", "high": "3.1", "unit": "mm", "values": []}),
        ("≥690MPa", {"operator": "at_least", "low": "690", "high": None, "unit": "MPa", "values": []}),
        (
            "304/06Cr19Ni10",
            {"operator": "one_of", "low": None, "high": None, "unit": "", "values": ["304", "06Cr19Ni10"]},
        ),
    ],
)
def test_values_are_read_as_people_write_them(story: Story, text: str, wanted: dict[str, Any]) -> None:
    row = {"parameter": "厚度", "text": text}
    made = story.client("leader").post(f"{API}/demand-lines/", {**DEMAND, "requirements": [row]})
    assert made.status_code == 201
    assert made.json()["requirements"] == [{"parameter": "厚度", "hard": True, **wanted}]


def test_a_typed_value_wins_over_text(story: Story) -> None:
    row = {"parameter": "强度", "text": "≥690MPa", "low": "5", "unit": "kPa"}
    made = story.client("member").post(f"{API}/supply-lines/", {**SUPPLY, "properties": [row]})
    assert made.json()["properties"] == [
        {"parameter": "强度", "low": "5", "high": None, "values": [], "unit": "kPa", "tolerance": False}
    ]


def test_keys_are_given_out_and_never_twice(story: Story) -> None:
    leader = story.client("leader")
    first, second = (leader.post(f"{API}/demand-lines/", DEMAND).json()["key"] for _ in range(2))
    assert first != second
    taken = leader.post(f"{API}/demand-lines/", {**DEMAND, "key": first})
    assert _problem(taken, 409) == {None: "key_taken"}


def test_who_acts_for_several_firms_names_one(story: Story) -> None:
    person = story.people["leader"]
    second = factories.make_firm(OrganisationKind.LEADER_FIRM)
    assert person is not None
    person.memberships.create(organisation=second, role=Role.LEADER_FIRM)
    client = client_of(person)
    assert _problem(client.post(f"{API}/demand-lines/", DEMAND)) == {"organisation": "required"}
    made = client.post(f"{API}/demand-lines/", {**DEMAND, "organisation": str(second.pk)})
    assert made.json()["firm"]["name"] == second.name


def test_a_foreign_firm_and_no_firm_are_refused_alike(story: Story) -> None:
    client = story.client("leader")
    other = story.people["other_leader"]
    assert other is not None
    answers = [
        client.post(f"{API}/demand-lines/", {**DEMAND, "organisation": firm}).content
        for firm in (str(factories.firm_of(other).pk), "00000000-0000-4000-8000-000000000000")
    ]
    assert answers[0] == answers[1]


def test_every_fault_is_told_with_its_path(story: Story) -> None:
    body = {
        **DEMAND,
        "node": "no-such-node",
        "quantity": "-1",
        "delivery_region": "xyz",
        "requirements": [{"parameter": "厚度", "low": "thick"}, {"operator": "at_least"}],
    }
    faults = _problem(story.client("leader").post(f"{API}/demand-lines/", body))
    assert faults == {
        "quantity": "min_value",
        "delivery_region": "invalid",
        "requirements.0.low": "invalid_number",
        "requirements.1.parameter": "required",
    }
    body = {**DEMAND, "requirements": [{"parameter": "厚度", "operator": "between", "low": "3", "high": "2"}]}
    assert _problem(story.client("leader").post(f"{API}/demand-lines/", body)) == {
        "requirements.0.high": "ends_before_begin"
    }


def test_problems_speak_the_readers_language(story: Story) -> None:
    person = story.people["leader"]
    english = client_of(person, "en").post(f"{API}/demand-lines/", {**DEMAND, "quantity": "many"})
    chinese = client_of(person, "zh-hans").post(f"{API}/demand-lines/", {**DEMAND, "quantity": "many"})
    assert english.json()["detail"] == "A valid number is required."
    assert chinese.json()["detail"] == "请填写合法的数字。"
    assert _problem(english) == _problem(chinese)


def test_put_empties_what_it_leaves_out_and_patch_keeps_it(story: Story) -> None:
    leader = story.client("leader")
    line = leader.post(f"{API}/demand-lines/", FULL).json()
    address = f"{API}/demand-lines/{line['id']}/"
    patched = leader.patch(address, {"title": "P型单晶硅片"}).json()
    assert patched == {**line, "title": "P型单晶硅片", "updated_at": patched["updated_at"]}
    put = leader.put(address, {**DEMAND, "key": "other", "kind": "product"}).json()
    assert (put["key"], put["requirements"], put["price_ceiling"]) == ("A-7", [], None)
    assert put["valid_until"] == line["valid_until"]


def test_an_unchanged_line_stays_verified(story: Story) -> None:
    leader = story.client("leader")
    address = f"{API}/demand-lines/{story.names['verified_demand']}/"
    title = leader.get(address).json()["title"]
    assert leader.patch(address, {"title": title}).json()["state"] == "verified"
    assert leader.patch(address, {"title": f"{title}x"}).json()["state"] == "draft"


@pytest.mark.parametrize("kind", ["demand", "supply"])
def test_secrets_are_for_the_owner_and_the_chains_office(story: Story, kind: str) -> None:
    owner = "leader" if kind == "demand" else "member"
    address = f"{API}/{kind}-lines/{story.names[f'verified_{kind}']}/"
    for part in (owner, "office"):
        shown = story.client(part).get(address).json()
        assert shown.keys() & SECRETS == _secrets(kind)
        listed = story.client(part).get(f"{API}/{kind}-lines/?state=verified").json()["results"]
        assert all(row.keys() & SECRETS == _secrets(kind) for row in listed)
    for part in ("department", "head", "city"):
        assert not story.client(part).get(address).json().keys() & SECRETS
        listed = story.client(part).get(f"{API}/{kind}-lines/").json()["results"]
        assert listed
        assert not any(row.keys() & SECRETS for row in listed)


def _secrets(kind: str) -> set[str]:
    return {"price_ceiling"} if kind == "demand" else SECRETS - {"price_ceiling"}


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("submit", "verified_demand"),
        ("restore", "verified_demand"),
        ("verify", "verified_demand"),
        ("confirm", "draft_demand"),
        ("withdraw", "withdrawn_demand"),
    ],
)
def test_what_the_state_does_not_allow_is_a_conflict(story: Story, action: str, name: str) -> None:
    part = "office" if action == "verify" else "leader"
    response = story.client(part).post(f"{API}/demand-lines/{story.names[name]}/{action}/", {})
    assert _problem(response, 409) == {None: "illegal_transition"}


def test_returning_needs_a_reason(story: Story) -> None:
    address = f"{API}/demand-lines/{story.names['submitted_demand']}/return/"
    assert _problem(story.client("office").post(address, {})) == {"reason": "required"}
    returned = story.client("office").post(address, {"reason": "数量单位不清"}).json()
    assert (returned["state"], returned["reason"]) == ("returned", "数量单位不清")
    events = story.client("leader").get(address.replace("return", "events")).json()
    assert (events[0]["action"], events[0]["reason"]) == ("return", "数量单位不清")


def test_bulk_submission_tells_the_result_of_each(story: Story) -> None:
    ids = [str(story.names[name]) for name in ("draft_demand", "verified_demand", "draft_supply")]
    results = (
        story.client("leader")
        .post(f"{API}/demand-lines/act/", {"ids": ids, "action": "submit"})
        .json()["results"]
    )
    assert [row["id"] for row in results] == ids
    assert [row["state"] for row in results] == ["submitted", None, None]
    assert [row["problem"] and row["problem"]["code"] for row in results] == [
        None,
        "illegal_transition",
        "not_found",
    ]


def _list_of(story: Story) -> list[dict[str, Any]]:
    row = {name: value for name, value in FULL.items() if name != "chain"}
    return [{**row, "key": f"L{number}", "title": f"硅片{number}"} for number in range(3)]


def test_replacing_a_list_by_itself_changes_nothing(story: Story) -> None:
    leader, address = story.client("leader"), f"{API}/demand-lists/{story.names['chain']}/"
    lines = _list_of(story)
    first = leader.put(address, {"lines": lines}).json()
    assert first["created"] == ["L0", "L1", "L2"]
    assert len(first["withdrawn"]) == DemandLine.objects.filter(state="withdrawn").count() - 1
    before = list(DemandLine.objects.order_by("pk").values_list("pk", "state", "fingerprint"))
    events = LineEvent.objects.count()
    again = leader.put(address, {"lines": lines}).json()
    assert again == {"created": [], "changed": [], "unchanged": ["L0", "L1", "L2"], "withdrawn": []}
    assert list(DemandLine.objects.order_by("pk").values_list("pk", "state", "fingerprint")) == before
    assert LineEvent.objects.count() == events


def test_a_decision_survives_the_lists_replacement(story: Story) -> None:
    review = Review.objects.select_related("supply").get(pk=story.names["review"])
    supply = review.supply
    line = {"key": supply.key, "title": supply.title, "unit": supply.unit, "node": "wafer"}
    line |= {"capacity": "500000", "free_capacity": "300000"}
    address = f"{API}/supply-lists/{story.names['chain']}/"
    result = story.client("member").put(address, {"lines": [line]}).json()
    assert result["unchanged"] == [supply.key]
    changed = story.client("member").put(address, {"lines": [{**line, "minimum_order": "10"}]}).json()
    assert changed["changed"] == [supply.key]
    review.refresh_from_db()
    assert (review.supply_id, review.state) == (supply.pk, "shortlisted")


def test_one_bad_row_stops_the_list_and_is_named(story: Story) -> None:
    leader, address = story.client("leader"), f"{API}/demand-lists/{story.names['chain']}/"
    before = DemandLine.objects.count()
    lines = _list_of(story)
    lines[1]["requirements"] = [{"parameter": "厚度", "operator": "at_least"}]
    lines[2]["key"] = "L0"
    faults = _problem(leader.put(address, {"lines": lines}))
    assert faults == {"lines.1.requirements.0.low": "required", "lines.2.key": "duplicate"}
    lines = _list_of(story)
    lines[2]["quantity"] = "lots"
    assert _problem(leader.put(address, {"lines": lines})) == {"lines.2.quantity": "invalid_number"}
    assert DemandLine.objects.count() == before


MALFORMED = {
    "colour=red": ("colour", "unknown_parameter"),
    "ordering=price_ceiling": ("ordering", "invalid_choice"),
    "ordering=,": ("ordering", "invalid_choice"),
    "ordering=key,,-key": ("ordering", "invalid_choice"),
    "state=lost": ("state", "invalid_choice"),
    "round=17": ("round", "invalid_id"),
    "organisation=%00": ("organisation", "invalid_id"),
    "valid_until_after=soon": ("valid_until_after", "invalid_date"),
    "page=2": ("page", "unknown_parameter"),
    "cursor=": ("cursor", "invalid_cursor"),
    "cursor=AAAA": ("cursor", "invalid_cursor"),
    "cursor=%E4%B8%80": ("cursor", "invalid_cursor"),
    "count=1": ("count", "invalid_boolean"),
    "fields=title,colour": ("fields", "unknown_field"),
    "fields=firm.colour": ("fields", "unknown_field"),
    "fields=title.colour": ("fields", "unknown_field"),
    "fields=": ("fields", "unknown_field"),
    "page_size=501": ("page_size", "invalid_number"),
    "page_size=²": ("page_size", "invalid_number"),
    "q=%00": ("q", "null_characters_not_allowed"),
}


def test_malformed_and_unknown_parameters_are_refused(story: Story) -> None:
    office = story.client("office")
    got = {query: _problem(office.get(f"{API}/demand-lines/?{query}")) for query in MALFORMED}
    assert got == {query: {field: code} for query, (field, code) in MALFORMED.items()}


@pytest.mark.parametrize("path", ["/changes/", "/figures/", "/agreements/export/"])
@pytest.mark.parametrize("query", ["cursor=x", "page_size=2", "count=true"])
def test_what_has_no_pages_takes_no_parameters_of_pages(story: Story, path: str, query: str) -> None:
    answer = story.client("office").get(f"{API}{path}?{query}")
    assert _problem(answer) == {query.partition("=")[0]: "unknown_parameter"}


@pytest.mark.parametrize(
    "path",
    ["/matching-lists/{list}/export/", "/matching-lists/{list}/releases/", "/runs/{run}/gaps/export/"],
)
def test_a_file_has_no_fields_to_choose_from(story: Story, path: str) -> None:
    answer = story.client("office").get(f"{API}{path.format(**story.names)}?fields=id")
    assert _problem(answer) == {"fields": "unknown_parameter"}


def test_an_address_without_its_slash_leads_on_with_method_and_body(story: Story) -> None:
    answer = story.client("leader").post(f"{API}/demand-lines", {"chain": "photovoltaic", "title": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{API}/demand-lines/")


def test_filters_narrow_and_ordering_orders(story: Story) -> None:
    office = story.client("office")

    def keys(query: str) -> list[str]:
        return [row["key"] for row in office.get(f"{API}/supply-lines/?{query}").json()["results"]]

    everything = set(SupplyLine.objects.exclude(state="draft").values_list("key", flat=True))
    assert set(keys("")) == everything
    assert set(keys("chain=nev")) == set()
    assert set(keys("node=upstream&kind=product")) == everything
    withdrawn = set(SupplyLine.objects.filter(state="withdrawn").values_list("key", flat=True))
    assert set(keys("state=withdrawn")) == withdrawn
    assert keys("ordering=-key") == sorted(everything, reverse=True)
    assert set(keys("q=单晶 N型")) == everything
    assert set(keys("q=单晶 轴承")) == set()
    assert set(keys("region=1401")) == everything
    assert set(keys("region=1402")) == set()


STRANGE = [
    b'{"title": "\\u0000"}',
    b'{"title": "\\ud800"}',
    b'{"\\ud800": 1}',
    b"[" * 100_000,
    b'{"quantity": NaN}',
    b'{"quantity": 1e999999}',
    b'{"title": ',
    b"\xff\xfe",
    b"[]",
    b"null",
    b'{"requirements": {"0": 1}}',
    b'{"requirements": [null, 3]}',
    b'{"attributes": {"x": [1]}}',
    b'{"max_suppliers": 99999999999999999999}',
    b'{"standards": [null]}',
    b'{"arose_from": "x"}',
]


def test_strange_bodies_are_refused(story: Story) -> None:
    leader, address = story.client("leader"), f"{API}/demand-lines/{story.names['verified_demand']}/"
    for body in STRANGE:
        response = leader.patch(address, body, content_type="application/json")
        assert response.status_code == 400, body[:80]
        assert response.headers["Content-Type"] == "application/problem+json"


def test_a_file_comes_back_as_a_download(story: Story) -> None:
    leader = story.client("leader")
    address = f"{API}/demand-lines/{story.names['verified_demand']}/attachments/"
    upload = SimpleUploadedFile("说明.pdf", b"%PDF-1.7 <script>", content_type="text/html")
    made = leader.post(address, {"file": upload}, format="multipart")
    assert made.status_code == 201
    response = story.client("city").get(f"{API}/attachments/{made.json()['id']}/file/")
    assert b"".join(response) == b"%PDF-1.7 <script>"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/octet-stream"
    wrong = leader.post(address, {"file": SimpleUploadedFile("a.exe", b"MZ")}, format="multipart")
    assert _problem(wrong) == {"file": "invalid"}
    assert _problem(leader.post(address, {}, format="multipart")) == {"file": "required"}


def test_an_integrator_has_its_firms_rights(story: Story) -> None:
    assert story.client("integrator").post(f"{API}/demand-lines/", DEMAND).status_code == 201
    member = story.people["member"]
    assert member is not None
    of_member = open_account(
        username="erp",
        password="",
        name="ERP",
        organisation=factories.firm_of(member),
        role=Role.INTEGRATOR,
    )
    assert client_of(of_member).post(f"{API}/supply-lines/", SUPPLY).status_code == 201
    assert client_of(of_member).post(f"{API}/demand-lines/", DEMAND).status_code == 403
