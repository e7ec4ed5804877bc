"""Text in quotes: how anything at all, separators included, stands in a cell and is read back."""

from __future__ import annotations

QUOTED = r'"(?>[^"]|"")*+"'
"""Pattern of a quoted text; a quote inside is doubled."""


def quoted(text: str) -> str:
    """The text in quotes."""
    return '"' + text.replace('"', '""') + '"'


def unquoted(token: str) -> str:
    """The text that a token means, quoted or bare."""
    token = token.strip()
    if len(token) > 1 and token[0] == token[-1] == '"':
        return token[1:-1].replace('""', '"')
    return token
