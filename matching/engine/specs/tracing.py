"""Text in compared form that still knows which characters of the source it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from matching.engine import numerals
from matching.engine.nines import NINES, percent

_SIGNS = {
    **{chr(0xFF01 + at): chr(0x21 + at) for at in range(0x5E)},
    # Numbers of points in a list separate them.
    **{chr(0x2460 + at): ";" for at in range(20)},
    **dict.fromkeys("‐‒–—―−⁃─－", "-"),
    **dict.fromkeys("〜∼⁓∽～˜", "~"),
    **dict.fromkeys("✕✖╳⨯⨉", "×"),
    **dict.fromkeys("•‧⋅∙・", "·"),
    **dict.fromkeys("≧⩾≮", "≥"),
    **dict.fromkeys("≦⩽≯", "≤"),
    **dict.fromkeys("⌀Φ∅ϕØ", "φ"),
    **dict.fromkeys("º˚", "°"),
    "µ": "μ", "⁄": "/", "﹥": ">", "﹤": "<", "，": "，", "\u3000": " ",
}  # fmt: skip
_TABLE = {ord(sign): plain for sign, plain in _SIGNS.items()}
_SUPERSCRIPTS = frozenset("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_KEPT = frozenset("，。")
_VICKERS = r"(?:0\.[0-9]{1,3}|[135]|10|30|50|100)"
# Words that are signs or units where they stand like this; the load of a Vickers test (HV0.3) is no value.
_SAID = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"正负(?=\s?[0-9])", "±"),
        (r"(?:不超过|不大于|不高于|不超出|小于等于|小于|低于|[≤<]=?)\s?±(?=\s?[0-9])", "±"),
        (r"(?<=[0-9])个(?=pp[mb](?![A-Za-z]))", ""),
        (
            r"(?:邵[氏尔]?\s?|[Ss]hore\s?)(?:A型?\s?(?P<kept>硬度)|(?P<held>硬度)?\s?A(?![A-Za-z]))",
            r"\g<kept>\g<held>HA",
        ),
        (
            r"(?:邵[氏尔]?\s?|[Ss]hore\s?)(?:D型?\s?(?P<kept>硬度)|(?P<held>硬度)?\s?D(?![A-Za-z]))",
            r"\g<kept>\g<held>HSD",
        ),
        (
            r"(?<=[度径长宽高深厚])(?P<kept>\s?[0-9]+(?:\.[0-9]+)?)\+(?P<more>[0-9]+(?:\.[0-9]+)?)(?=\s?(?:mm|μm|毫米|微米))",
            r"\g<kept>+\g<more>/-0",
        ),
        (r"(?<=[Ww]/m)[.\-]?(?=K(?![A-Za-z]))", "·"),
        # Coal is told on a basis: St,d is sulphur, dry.
        (
            r"(?<![A-Za-z0-9])(?P<kept>Q(?:net|gr)|[SM]t|Sd|Mad|FC|[AV])[,，](?=(?:ar|ad|daf|d|v|gr)(?![A-Za-z]))",
            r"\g<kept>.",
        ),
        (r"(?<![0-9.φ])(?P<kept>[1-9][0-9]?)-(?=φ\s?[0-9])", r"\g<kept>×"),
        (r"\b(?P<kept>[Tt]emp|[Dd]ia|[Tt]hk|[Ww]t|[Ff]req|[Cc]ap)\.(?=\s?[-0-9])", r"\g<kept>"),
        (r"(?<=[年月日])需(?=\s?(?:大?约\s?)?[0-9])", "需求量"),
        (r"[大千]卡(?!车)", "kcal"),
        (r"(?<=温)(?P<kept>[^，,;。\n]{0,14}?[0-9])度(?=[^数电角]|$)", r"\g<kept>°C"),
        (r"(?<=°C)(?P<kept>\s?[~至到-]\s?[-+]?[0-9.]+)度(?=[^数电角]|$)", r"\g<kept>°C"),
        (r"(?<=角)(?P<kept>[^，,;。\n]{0,12}?[0-9])度(?=[^数电]|$)", r"\g<kept>°"),
        (rf"HV{_VICKERS}(?=\s*(?:[≥≤<>=:]|不|[大小]于)|\s+[1-9][0-9]{{2,3}}(?![0-9]))", "HV"),
        (rf"(?<=[0-9])(?P<kept>\s?)HV{_VICKERS}(?![0-9.])", r"\g<kept>HV"),
    )
)
_PURITY = re.compile(
    rf"(?:纯度|高纯|[Pp]urity)[^，,;。\n0-9力荷]{{0,8}}?(?P<compared>[≥≤<>~]=?|不[低小]于|[高大]于|至少)?[^，,;。\n0-9力荷]{{0,4}}?"
    rf"(?P<nines>{NINES})(?P<range>\s?(?:级?[及或]?以[上下]|[~至]))?"
)
_SAYS = re.compile(
    "[过出于≤<=]\\s?±|正负|个pp|[大千]卡|[0-9]度|HV[0-9]|邵|[Ss]hore|[年月日]需|[0-9]N|[0-9]-φ|[a-z]\\.\\s?[-0-9]|/m.?K|[A-Za-z][,，][adv]|[0-9]\\+[0-9]"
)


@dataclass(frozen=True, slots=True)
class Traced:
    """``text`` and, where it is not the source itself, the source span of each of its characters.

    ``starts`` and ``ends`` are empty when every character stands where it stood in the source.
    """

    text: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that a non-empty span of the text came from."""
        if not self.starts:
            return start, end
        return self.starts[start], max(self.ends[start:end])

    def replaced(self, changes: Iterable[tuple[int, int, str]]) -> Traced:
        """The text with some spans replaced; the new characters come from the whole of the old span."""
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0

        def keep(until: int) -> None:
            parts.append(self.text[at:until])
            starts.extend(self.starts[at:until] or range(at, until))
            ends.extend(self.ends[at:until] or range(at + 1, until + 1))

        for start, end, text in changes:
            keep(start)
            first, last = self.source(start, end)
            parts.append(text)
            starts.extend([first] * len(text))
            ends.extend([last] * len(text))
            at = end
        if not parts:
            return self
        keep(len(self.text))
        return Traced("".join(parts), tuple(starts), tuple(ends))


def trace(source: str) -> Traced:
    """Width, signs and numerals unified; letters keep their case, spaces and sentence ends stay."""
    traced = _compatible(source)
    traced = traced.replaced(numerals.replacements(traced.text))
    if _SAYS.search(traced.text):
        for pattern, sign in _SAID:
            found = pattern.finditer(traced.text)
            traced = traced.replaced([(*match.span(), match.expand(sign)) for match in found])
        traced = traced.replaced(_purities(traced.text))
    return traced


def _purities(text: str) -> list[tuple[int, int, str]]:
    """Nines of a purity in percent; without a word of comparison they are the least that is wanted."""
    found = []
    for match in _PURITY.finditer(text):
        least = "" if match["compared"] or match["range"] else "≥"
        found.append((*match.span("nines"), least + percent(match["nines"])))
    return found


def _compatible(source: str) -> Traced:
    if source.isascii():
        return Traced(source)
    text = source.translate(_TABLE)
    if len(text) == len(source) and _SUPERSCRIPTS.isdisjoint(text) and _is_plain(text):
        return Traced(text)
    return _by_cluster(text)


def _is_plain(text: str) -> bool:
    return all(sign in _KEPT for sign in text if not _alone(sign))


def _alone(sign: str) -> bool:
    return sign < "\u0300" or "\u4e00" <= sign <= "\u9fff" or unicodedata.is_normalized("NFKC", sign)


def _by_cluster(text: str) -> Traced:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        cluster = text[start:end]
        plain = cluster if cluster in _KEPT else unicodedata.normalize("NFKC", cluster).translate(_TABLE)
        if cluster in _SUPERSCRIPTS and start and text[start - 1].isdigit() and text[start - 1].isascii():
            # 10⁻⁵ is a power, not 10-5.
            plain = "^" + plain
        parts.append(plain)
        starts.extend([start] * len(plain))
        ends.extend([end] * len(plain))
    return Traced("".join(parts), tuple(starts), tuple(ends))


def _clusters(text: str) -> Iterable[tuple[int, int]]:
    """A character with the marks that combine with it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            if start < at:
                yield start, at
            start = at
