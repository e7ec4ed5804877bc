"""A document of ``docs/`` as a page: Markdown to HTML with a list of its sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Document:
    """``sections`` are anchors with headings; ``body`` is what follows the title."""

    title: str
    sections: tuple[tuple[str, str], ...]
    body: SafeString

    def with_words(self, others: Mapping[str, str]) -> Document:
        """The document with other words in its text and code."""
        body = str(self.body)
        for word, other in others.items():
            body = body.replace(escape(word), escape(other))
        return replace(self, body=mark_safe(body))  # nosec B308 B703 # ours, and what is put in is escaped


def in_language(name: str, language: str) -> Document:
    """A document in English or Chinese; Chinese for every other language.

    Raises FileNotFoundError where there is no such document.
    """
    suffix = "" if language.startswith("en") else ".zh-CN"
    return _document(settings.BASE_DIR / "docs" / f"{name}{suffix}.md")


@cache
def _document(path: Path) -> Document:
    # This preset lets no HTML through.
    markdown = MarkdownIt("js-default")
    tokens = markdown.parse(path.read_text("utf-8"))
    title = ""
    sections: list[tuple[str, str]] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "table_open":
            opening.attrSet("class", "table")
            # It scrolls on a phone, also for those who have only a keyboard.
            opening.attrSet("tabindex", "0")
        if opening.type == "heading_open" and opening.tag == "h1":
            title = inline.content
        elif opening.type == "heading_open" and opening.tag == "h2":
            anchor = f"section-{len(sections) + 1}"
            opening.attrSet("id", anchor)
            sections.append((anchor, inline.content))
    for token in tokens:
        _join_chinese_lines(token.children or [])
    # The document begins with its title: three tokens that the page shows itself.
    body = markdown.renderer.render(tokens[3:], markdown.options, {})
    return Document(title, tuple(sections), mark_safe(body))  # nosec B308 B703 # a file of ours, HTML in it escaped


def _join_chinese_lines(inline: Sequence[Token]) -> None:
    """A line's end is a space, which Chinese does without."""
    for before, ending, after in zip(inline, inline[1:], inline[2:], strict=False):
        characters = before.content[-1:] + after.content[:1]
        if ending.type == "softbreak" and characters and not characters.isascii():
            ending.type, ending.content = "text", ""
