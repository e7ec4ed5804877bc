"""Who may edit reference data."""

from __future__ import annotations

from accounts.models import User
from accounts.permits import Act
from accounts.roles import EVERYWHERE
from matching.chains.models import GlossaryEntry
from matching.chains.permits import GLOSSARY


def can_edit_glossary(user: User) -> bool:
    """Chain offices teach the normaliser."""
    return GLOSSARY.somewhere(user, Act.CREATE)


def can_edit_entry(user: User, entry: GlossaryEntry) -> bool:
    """A chain's entries by its office; entries for all chains by an office of all chains."""
    return GLOSSARY.allows(user, Act.EDIT, chain=entry.chain_id or EVERYWHERE)


def can_edit_all_chains(user: User) -> bool:
    """An office of all chains."""
    return GLOSSARY.allows(user, Act.EDIT, chain=EVERYWHERE)


def glossary_chains(user: User) -> list[str]:
    """Codes of the chains whose words the person teaches; may hold ``*``."""
    return GLOSSARY.chains(user, Act.CREATE)
