"""What firms are told of a published list."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from accounts.models import Membership, User
from matching.notices.models import Topic
from matching.notices.services import tell
from matching.runs.models import Match, MatchingList


def announce(published: MatchingList) -> None:
    """Tell every firm on the list; a leader firm also learns how many suppliers are new to it.

    Side effects: a notice a person of these firms.
    """
    # The order of pairs would make each of them distinct.
    listed = Match.objects.filter(run_id=published.run_id, listed=True).order_by()
    leaders = set(listed.values_list("demand__organisation_id", flat=True).distinct())
    sellers = set(listed.values_list("supply__organisation_id", flat=True).distinct())
    news = Counter(leader for leader, _seller in _new_pairs(published))
    firms = defaultdict(set)
    for firm in leaders | sellers:
        firms[news[firm]].add(firm)
    for new, told in sorted(firms.items()):
        _tell_list(published, told, new)


def _new_pairs(published: MatchingList) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    """Leader firms with suppliers that the list before did not name for them; none on the first list."""
    if published.previous is None:
        return ()
    parties = ("demand__organisation_id", "supply__organisation_id")
    listed = Match.objects.filter(listed=True).order_by()
    now = listed.filter(run_id=published.run_id).values_list(*parties)
    return now.difference(listed.filter(run_id=published.previous.run_id).values_list(*parties))


def _tell_list(published: MatchingList, firms: Collection[uuid.UUID], new: int) -> None:
    members = Membership.objects.filter(is_active=True, organisation_id__in=firms)
    more_zh = f",自上次清单以来新增 {new} 家供应商" if new else ""
    more_en = f": {new} new supplier{'s' if new > 1 else ''} since your last list" if new else ""
    tell(
        users=User.objects.filter(is_active=True, pk__in=members.values("user_id")),
        key=f"published:{published.pk}",
        zh=f"{published.chain.name_zh}第 {published.number} 号匹配清单已发布，贵单位有匹配结果{more_zh}",
        en=f"Matching list no. {published.number} of {published.chain.name_en} has matches of yours{more_en}",
        link="/matches/",
        topic=Topic.PUBLISHED,
    )
