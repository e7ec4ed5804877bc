"""The office's pages of what was confirmed."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from matching.lists.models import SupplyLine
from matching.memory.models import Confirmation
from matching.runs.models import Match
from tests.api.matrix import FIRMS
from tests.api.story import Story
from tests.portal.conftest import Browser
from tests.portal.matrix import TABLE

SECRET = "只有一家链主企业这样称呼的部件"


def _listed(browser: Browser, query: str = "", part: str = "office") -> str:
    return browser(part).get(reverse("memory_list") + query).content.decode()


def test_the_list_tells_who_confirmed_what_and_for_whom(story: Story, browser: Browser) -> None:
    known = Confirmation.objects.get()
    assert known.demand is not None
    body = _listed(browser)
    for told in (known.text, known.product, known.demand.organisation.name, known.supply.organisation.name):
        assert told in body
    assert str(known.confirmed_by) in body
    address = reverse("memory_revoke", args=[known.pk])
    assert address in body
    assert address not in _listed(browser, part="department")


def test_it_is_searched_and_says_when_nothing_fits(story: Story, browser: Browser) -> None:
    known = Confirmation.objects.get()
    assert known.text in _listed(browser, f"?q={known.supply.organisation.uscc}&state=standing")
    assert known.text in _listed(browser, f"?line={known.supply_id}")
    for query in ("?q=absent", "?state=revoked", "?source=office", "?chain=nev"):
        assert "Nothing fits the filter." in _listed(browser, query)
    other = SupplyLine.objects.exclude(pk=known.supply_id).exclude(submitted_at=None)[0]
    assert "Nothing fits the filter." in _listed(browser, f"?line={other.pk}")
    Confirmation.objects.all().delete()
    assert "Nothing is remembered yet." in _listed(browser)


def test_revoking_asks_for_a_reason_and_tells_it(story: Story, browser: Browser) -> None:
    known = Confirmation.objects.get()
    address = reverse("memory_revoke", args=[known.pk])
    assert browser("office").post(address, {"reason": " "}).status_code == 303
    known.refresh_from_db()
    assert known.state == "standing"
    browser("office").post(address, {"reason": "不是同一产品"})
    known.refresh_from_db()
    assert (known.state, known.ended_reason) == ("revoked", "不是同一产品")
    assert "不是同一产品" in _listed(browser)


def test_what_sleeps_says_why(story: Story, browser: Browser) -> None:
    assert "Not used for now" not in _listed(browser)
    known = Confirmation.objects.get()
    SupplyLine.objects.filter(pk=known.supply_id).update(title="别的产品")
    body = _listed(browser)
    assert "the offer names another product now" in body
    assert "state-asleep" in body
    assert "state-standing" not in body


def test_a_pair_of_another_product_is_told_to_sleep(story: Story, browser: Browser) -> None:
    names = story.names
    form = {"text": "薄片", "uscc": names["supply_uscc"], "line": names["supply_key"], "product": "旧产品"}
    rows = "\t".join(form.values())
    trial = browser("office").post(reverse("memory_import"), {"rows": rows}).content.decode()
    assert "Not used for now: the offer names another product now." in trial
    page = browser("office").post(reverse("memory_add"), form, follow=True).content.decode()
    assert "Remembered, but not used for now: the offer names another product now." in page


def test_one_pair_is_told(story: Story, browser: Browser) -> None:
    form = {
        "text": "太阳能薄片",
        "uscc": story.names["supply_uscc"],
        "line": story.names["supply_key"],
        "confirmed_on": "2024-03-01",
    }
    wrong = browser("office").post(reverse("memory_add"), {**form, "line": "absent"})
    assert wrong.status_code == 422
    assert "There is no such supply line in your chains." in wrong.content.decode()
    assert browser("office").post(reverse("memory_add"), form).status_code == 303
    assert Confirmation.objects.get(source="office").confirmed_on.isoformat() == "2024-03-01"
    assert browser("office").post(reverse("memory_add"), form).status_code == 422


def test_a_history_is_shown_first_and_written_when_it_is_certain(story: Story, browser: Browser) -> None:
    rows = f'太阳能薄片\t{story.names["supply_uscc"]}\t{story.names["supply_key"]}\n"a\nb"\tx\ty'
    page = browser("office").post(reverse("memory_import"), {"rows": rows})
    body = page.content.decode()
    assert "This would happen:" in body
    assert "There is no such supply line in your chains." in body
    assert not Confirmation.objects.filter(source="office").exists()
    again = {"rows": page.context["typed"], "kind": "product", "certain": "yes"}
    done = browser("office").post(reverse("memory_import"), again).content.decode()
    assert "Done:" in done
    assert Confirmation.objects.get(source="office").text == "太阳能薄片"


def test_a_history_in_a_file(story: Story, browser: Browser) -> None:
    table = f"需求用语,统一社会信用代码,供应条目编号\n薄片,{story.names['supply_uscc']},x\n"
    file = SimpleUploadedFile("a.csv", table.encode("gb18030"))
    page = browser("office").post(reverse("memory_import"), {"file": file})
    assert (page.status_code, page.context["typed"]) == (200, table)
    big = SimpleUploadedFile("a.csv", b"a" * (1024 * 1024 + 1))
    for form in ({}, {"rows": "需求\na"}, {"file": big}, {"rows": "a\tb\tc\n" * 2001}):
        assert browser("office").post(reverse("memory_import"), form).status_code == 422


def test_a_match_says_that_it_was_found_by_what_was_confirmed(story: Story, browser: Browser) -> None:
    match = Match.objects.get(pk=story.names["match"])
    cards = f"{reverse('run_matches', args=[match.run_id])}?demand={match.demand_id}"
    badge = f"{reverse('memory_list')}?line="
    Match.objects.update(confirmed=False)
    assert badge not in browser("office").get(cards).content.decode()
    Match.objects.filter(pk=match.pk).update(confirmed=True)
    assert f"{badge}{match.supply_id}" in browser("department").get(cards).content.decode()


def test_no_firm_reads_the_words_on_any_page(story: Story, browser: Browser) -> None:
    Confirmation.objects.update(text=SECRET)
    seen = set()
    for page in TABLE:
        filled = story.names.get(page.argument or "", page.argument)
        address = reverse(page.name, args=[filled] if page.argument else [])
        for part in FIRMS:
            if page.method == "GET" and page.status(part) == 200:
                seen.add(page.name)
                assert SECRET not in browser(part).get(address).getvalue().decode(errors="replace"), page
    assert {"my_matches", "review_detail"} <= seen
    assert SECRET in _listed(browser)
