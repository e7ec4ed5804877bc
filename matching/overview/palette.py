"""The colours of the portal with what they mean, read from the style sheet itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from matching.overview.charts import Text

STYLES = Path(__file__).resolve().parent.parent / "static/matching/portal.css"
LEAST_CONTRAST = 4.5
"""WCAG 2.2 AA for text of ordinary size."""
_TOKEN = re.compile(r"^\s*--([a-z-]+): (#[0-9a-f]{6});", re.MULTILINE)
WHITE = "white"
MEANINGS: tuple[tuple[str, str, Text], ...] = (
    ("ink", WHITE, _("Text on sheets")),
    ("ink", "paper", _("Text on the page")),
    ("quiet", "paper", _("Side remarks, headings of tables")),
    ("accent", WHITE, _("Links and buttons: something can be done")),
    (WHITE, "accent", _("The first action of a page; published")),
    ("accent-dark", "accent-pale", _("On its way: submitted, proposed, running")),
    ("good", "good-pale", _("Done or met: verified, accepted")),
    ("warn", "warn-pale", _("Somebody has to act: returned, expired")),
    ("bad", "bad-pale", _("Refused, failed or unmet")),
    ("unknown", "unknown-pale", _("Unknown: earns no points and becomes a question")),
)


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of text on a ground: names of the style sheet, meaning, contrast from 1 to 21."""

    text: str
    ground: str
    meaning: Text
    contrast: float


@cache
def colours() -> tuple[Colour, ...]:
    """All pairs of colours that text is written in."""
    values = {**dict(_TOKEN.findall(STYLES.read_text("utf-8"))), WHITE: "#ffffff"}
    return tuple(
        Colour(text, ground, meaning, contrast(values[text], values[ground]))
        for text, ground, meaning in MEANINGS
    )


def contrast(one: str, other: str) -> float:
    """Contrast of two colours ``#rrggbb`` as WCAG counts it, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
