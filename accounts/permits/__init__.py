"""The access table: who may do what with which objects, and how far; the only place where roles decide.

Each room declares its rows in its ``permits.py``; its ``access.py`` and the ``visible_to`` of its querysets
ask them, so pages, API and the page of the table can't differ.
"""

from __future__ import annotations

from accounts.permits.table import Act, Anybody, Permit, Permits, Scope, grant

__all__ = ["Act", "Anybody", "Permit", "Permits", "Scope", "grant"]
