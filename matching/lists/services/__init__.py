"""Verbs on rounds and lines. Each is one transaction; side effects stand in the docstring."""

from matching.lists.services.attachments import attach, detach, stored_name
from matching.lists.services.bulk import ListRow, Saved, lock_list, save_lines, withdraw_lines
from matching.lists.services.capacity import (
    give_back_capacity,
    has_contract,
    release_ended,
    reserve_capacity,
    take_capacity,
)
from matching.lists.services.copies import copy_line
from matching.lists.services.lines import change_line, next_key, node_by_code, save_line
from matching.lists.services.live import refresh_live_indexes
from matching.lists.services.people import link_to, people_of
from matching.lists.services.reminders import remind_missing
from matching.lists.services.rounds import advance_rounds, change_round, extend_round, plan_round
from matching.lists.services.settling import missing_columns
from matching.lists.services.validity import expire_lines, remind_expiring
from matching.lists.services.whole import ListResult, replace_list

__all__ = (
    "ListResult",
    "ListRow",
    "Saved",
    "advance_rounds",
    "attach",
    "change_line",
    "change_round",
    "copy_line",
    "detach",
    "expire_lines",
    "extend_round",
    "give_back_capacity",
    "has_contract",
    "link_to",
    "lock_list",
    "missing_columns",
    "next_key",
    "node_by_code",
    "people_of",
    "plan_round",
    "refresh_live_indexes",
    "release_ended",
    "remind_expiring",
    "remind_missing",
    "replace_list",
    "reserve_capacity",
    "save_line",
    "save_lines",
    "stored_name",
    "take_capacity",
    "withdraw_lines",
)
