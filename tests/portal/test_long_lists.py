"""Pages of very long lists: counted and paged through up to a limit, which is told."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.roles import Role
from matching import pages
from matching.notices.models import Notice
from matching.notices.services import tell
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "count", "cut", "last"), [(4, 4, False, 2), (5, 4, True, 2), (0, 0, False, 1)]
)
def test_a_list_is_counted_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, rows: int, count: int, cut: bool, last: int
) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", 4)
    user = factories.make_user(Role.MEMBER_FIRM)
    for number in range(rows):
        tell(users=[user], key=str(number), zh="消息", en="News")
    request = RequestFactory().get("/", {"page": "99"})
    found = pages.page_of(request, Notice.objects.order_by("pk"), size=2)
    assert isinstance(found.paginator, pages.LongPaginator)
    assert (found.paginator.count, found.paginator.is_cut, found.number) == (count, cut, last)
    everything = pages.page_of(request, list(Notice.objects.all()), size=2)
    assert isinstance(everything.paginator, pages.LongPaginator)
    assert (everything.paginator.count, everything.paginator.is_cut) == (rows, False)


def test_the_page_tells_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", pages.PAGE_SIZE * 2)
    user = factories.make_user(Role.MEMBER_FIRM)
    client = Client()
    client.force_login(user)
    for number in range(pages.PAGE_SIZE * 2):
        tell(users=[user], key=str(number), zh="消息", en="News")
    assert "其余请用筛选条件查看" not in client.get(reverse("notice_list")).content.decode()
    tell(users=[user], key="one more", zh="消息", en="News")
    assert "其余请用筛选条件查看" in client.get(reverse("notice_list")).content.decode()
