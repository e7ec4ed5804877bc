"""Who may edit reference data."""

from __future__ import annotations

from accounts.access import office_for_chain
from accounts.models import User
from accounts.roles import EVERYWHERE, Role
from matching.chains.models import GlossaryEntry


def can_edit_glossary(user: User) -> bool:
    """Chain offices teach the normaliser."""
    return bool(user.holding(Role.CHAIN_OFFICE))


def can_edit_entry(user: User, entry: GlossaryEntry) -> bool:
    """A chain's entries by its office; entries for all chains by an office of all chains."""
    return office_for_chain(user, entry.chain_id or EVERYWHERE)
