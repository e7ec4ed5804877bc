"""Languages that people at meetings speak, by name: stored as codes of ISO 639-1."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import override, pgettext_lazy

_NAMES = {
    "zh": pgettext_lazy("spoken", "Chinese"),
    "en": pgettext_lazy("spoken", "English"),
    "ja": pgettext_lazy("spoken", "Japanese"),
    "ko": pgettext_lazy("spoken", "Korean"),
    "de": pgettext_lazy("spoken", "German"),
    "fr": pgettext_lazy("spoken", "French"),
    "ru": pgettext_lazy("spoken", "Russian"),
    "es": pgettext_lazy("spoken", "Spanish"),
    "it": pgettext_lazy("spoken", "Italian"),
    "pt": pgettext_lazy("spoken", "Portuguese"),
    "ar": pgettext_lazy("spoken", "Arabic"),
    "vi": pgettext_lazy("spoken", "Vietnamese"),
    "th": pgettext_lazy("spoken", "Thai"),
    "id": pgettext_lazy("spoken", "Indonesian"),
}


def name_of(code: str) -> str:
    """In the language of the page; a language that is not among the usual ones by its code."""
    return str(_NAMES.get(code, code))


def choices(more: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The usual languages and these, each with its name."""
    return [(code, name_of(code)) for code in dict.fromkeys((*_NAMES, *more))]


def code_of(word: str) -> str:
    """The code of a language that is told by code or by name, in Chinese or English; else the word."""
    for language in ("zh-hans", "en"):
        with override(language):
            named = next((code for code in _NAMES if name_of(code).casefold() == word.casefold()), None)
        if named:
            return named
    return word
