"""Words that mean the same: what the standards' tables and the offices teach, and the keys that follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from operator import add

from matching.engine.text.grades import GRADES
from matching.engine.text.normal import CJK, clean, designation, normalise
from matching.engine.text.synonyms import SYNONYMS
from matching.engine.types import Glossary

_IDEOGRAPH = re.compile(f"[{CJK}]")
_NOT_WORD = re.compile(r"[\s\W_]+")
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_AFFIX = re.compile(
    r"^(?:掺杂?|国标)(?=.)|(?:[- ]?(?:type|class|grade|doped|mark(?:ing)?)|(?<=.)[型式色类级制])$"
)
_JOINTS = re.compile(r"[-_ ()]")
_NUMERALS = dict(zip("一二两三四五六七八九", "1223456789", strict=True))
_LEADING_NUMERAL = re.compile(f"^[{''.join(_NUMERALS)}](?=[叶级相轴层芯路极缸片段档柱])")
_ELEMENTS = dict(
    pair.split(":")
    for pair in (
        "h:氢 b:硼 c:碳 n:氮 o:氧 f:氟 na:钠 mg:镁 al:铝 si:硅 p:磷 s:硫 "
        "cl:氯 k:钾 ca:钙 ti:钛 v:钒 cr:铬 mn:锰 "
        "fe:铁 co:钴 ni:镍 cu:铜 zn:锌 ga:镓 "
        "ge:锗 as:砷 zr:锆 nb:铌 mo:钼 ag:银 in:铟 sn:锡 sb:锑 ta:钽 w:钨 "
        "au:金 pb:铅 bi:铋"
    ).split()
)
# 2024 is a year and D2 a drawing as well as materials: grades as values, not in a line of text.
_MATERIAL = re.compile(
    "^(?:不锈钢|铝合金|钛合金|高温合金|合金钢)|(?:不锈钢|铝合金|钛合金|合金钢|合金|钢|铝|钛)?(?:板|管|棒|带)?材?$"
)
_MILLIMETRES = {"mm": 1, "cm": 10, "m": 1_000}
_SIDE = re.compile("(φ?)([0-9]+(?:[.][0-9]+)?)(mm|cm|m)?")
_SIZE = re.compile(f"{_SIDE.pattern}(?:×{_SIDE.pattern})+")
_AMBIGUOUS = re.compile("[0-9]{4,}|[0-9a-z]{1,2}")
_METAL = re.compile("[钢铝材锻铸]|steel|alumin|alloy|sus|aisi")
_JOINED = frozenset("-×+~#:")
# 粒径D50 and D50 of whatever powder are one parameter.
_GRAIN = re.compile(r"(?<![a-z0-9])(?P<size>d(?:10|50|90|97|99|max))\)?$")
_ELEMENT_CONTENT = re.compile("(?P<symbol>[a-z]{1,2})(?P<what>(?:元素)?(?:含量|浓度|质量分数|杂质))")


@dataclass(frozen=True, slots=True)
class GlossaryIndex:
    """A glossary ready for look-up.

    ``canonical``: every word in normal form → the one word of its group. ``heads``: the first two characters
    of a word → the words that begin so, longest first; ``singles`` are the words of one character. ``grades``
    holds the designations that are materials, ``office_units`` finds the units that offices taught.
    """

    canonical: Mapping[str, str] = field(default_factory=dict)
    heads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    singles: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    grades: frozenset[str] = frozenset()
    office_units: re.Pattern[str] | None = None


@lru_cache(maxsize=64)
def index_glossary(glossary: Glossary) -> GlossaryIndex:
    """Merge what is built in with an office's groups; groups that share a word become one.

    The longest word of a group stands for it, whatever the order of the groups.
    """
    office = _normalised((*glossary.synonyms, *glossary.grades))
    canonical = _merge((*_built_in(), *office))
    heads: dict[str, list[str]] = {}
    taught = frozenset(word for words in office for word in words)
    for word in canonical:
        if word in taught or not _AMBIGUOUS.fullmatch(word):
            heads.setdefault(word[:2], []).append(word)
    for words in heads.values():
        words.sort(key=lambda word: (-len(word), word))
    units = {clean(written): clean(unit) for written, unit in glossary.units}
    named = (word for group in (*GRADES, *glossary.grades) for word in group)
    return GlossaryIndex(
        canonical=canonical,
        heads={head: tuple(words) for head, words in heads.items() if len(head) > 1},
        singles={head: head for head in heads if len(head) == 1},
        units=units,
        grades=frozenset(map(designation, named)),
        office_units=_pattern(units),
    )


def _pattern(units: Mapping[str, str]) -> re.Pattern[str] | None:
    names = sorted((name for name in units if not name[0].isdigit()), key=lambda name: (-len(name), name))
    joined = "|".join(map(re.escape, names))
    return re.compile(f"[ \\t]?(?P<unit>{joined})(?![A-Za-z])") if names else None


@cache
def _built_in() -> tuple[tuple[str, ...], ...]:
    return _normalised((*SYNONYMS, *GRADES))


def _normalised(groups: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    forms = (tuple(sorted({normal for word in group if (normal := normalise(word))})) for group in groups)
    return tuple(filter(None, forms))


def _merge(groups: Iterable[tuple[str, ...]]) -> dict[str, str]:
    parent: dict[str, str] = {}

    def root(word: str) -> str:
        while parent.setdefault(word, word) != word:
            word = parent[word]
        return word

    for words in groups:
        for word in words:
            first, second = sorted((root(words[0]), root(word)), key=_preference)
            parent[second] = first
    merged: dict[str, str] = {}
    for word in parent:
        chosen = root(word)
        # Latin designations stand for a group in their compact form: inconel718.
        merged[word] = designation(chosen) if chosen.isascii() else chosen
    for word, chosen in list(merged.items()):
        merged.setdefault(designation(word), chosen)
    return merged


def _preference(word: str) -> tuple[bool, int, str]:
    """A Chinese grade stands for its group, else the longest word: it is the least ambiguous one."""
    return word not in _chinese_grades(), -len(word), word


@cache
def _chinese_grades() -> frozenset[str]:
    return frozenset(normalise(group[0]) for group in GRADES)


def canonical_word(text: str, glossary: GlossaryIndex) -> str:
    """Key under which a grade or word equals its synonyms (06Cr19Ni10 = 304)."""
    normal = normalise(text)
    compact = designation(normal)
    known = glossary.canonical.get(normal) or glossary.canonical.get(compact)
    if known is None:
        bare = _MATERIAL.sub("", compact)
        known = glossary.canonical.get(bare) if bare in glossary.grades else _size(compact)
    return designation(known or compact)


def _size(compact: str) -> str:
    """A size in millimetres without its unit, which drawings leave out: 10×5×0.5cm is 100×50×5."""
    if not _SIZE.fullmatch(compact):
        return compact
    sides = [_SIDE.findall(side)[0] for side in compact.split("×")]
    last = sides[-1][2] or "mm"
    return "×".join(symbol + _in_mm(number, unit or last) for symbol, number, unit in sides)


def _in_mm(number: str, unit: str) -> str:
    text = format(Decimal(number) * _MILLIMETRES[unit], "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def word_key(text: str, glossary: GlossaryIndex, *, element: bool = False) -> str:
    """Key under which a short value equals its other spellings: P型 = P-type, 6106-T6 = 6106T6.

    ``element`` says that the value names a chemical element (掺硼 = B); elsewhere P is a type.
    """
    word = canonical_word(text, glossary)
    bare = _AFFIX.sub("", word) or word
    bare = _LEADING_NUMERAL.sub(lambda found: _NUMERALS[found.group()], _JOINTS.sub("", bare)) or word
    return glossary.canonical.get(bare, _ELEMENTS.get(bare, bare) if element else bare)


def parameter_key(name: str, glossary: GlossaryIndex) -> str:
    """Key of a parameter's name: punctuation and a bracketed remark dropped, synonyms unified."""
    normal = normalise(name)
    bare = _PARENTHESES.sub("", normal).strip() or normal
    grain = _GRAIN.search(normal)
    if grain:
        return grain["size"]
    element = _ELEMENT_CONTENT.fullmatch(bare)
    if element and element["symbol"] in _ELEMENTS:
        bare = _ELEMENTS[element["symbol"]] + element["what"]
    for form in (normal, bare, _NOT_WORD.sub("", bare)):
        if form in glossary.canonical:
            return glossary.canonical[form]
    return _NOT_WORD.sub("", bare)


def replace_synonyms(text: str, glossary: GlossaryIndex) -> str:
    """A text in normal form with each word of a synonym group replaced by the one that stands for it."""
    return replace_spans(text, glossary, lambda word: word)


def replace_spans(text: str, glossary: GlossaryIndex, take: Callable[[str], str]) -> str:
    """The text with each known word replaced by what ``take`` gives for the one that stands for it."""
    heads = glossary.heads
    begin = [
        at
        for at, pair in enumerate(map(add, text, text[1:]))
        if pair in heads and text.startswith(heads[pair], at)
    ]
    if not glossary.singles.keys().isdisjoint(text):
        begin = sorted({*begin, *(at for at, sign in enumerate(text) if sign in glossary.singles)})
    out: list[str] = []
    done = 0
    for position in begin:
        word = None if position < done else _word_at(text, position, glossary)
        if word is not None:
            out += (text[done:position], take(glossary.canonical[word]))
            done = position + len(word)
    return "".join((*out, text[done:])) if out else text


def _word_at(text: str, position: int, glossary: GlossaryIndex) -> str | None:
    for word in glossary.heads.get(text[position : position + 2], ()):
        if _stands_at(text, position, word):
            return word
    single = glossary.singles.get(text[position])
    return single if single and _stands_at(text, position, single) else None


def _stands_at(text: str, position: int, word: str) -> bool:
    if not text.startswith(word, position):
        return False
    end = position + len(word)
    before, after = text[max(0, position - 1) : position], text[end : end + 1]
    if len(word) == 1 and not word.isascii():
        # A single character means something only alone: 链 is a chain, 产业链 is not.
        return not _IDEOGRAPH.match(before) and not _IDEOGRAPH.match(after)
    if word.isdigit() and (
        before in _JOINED or after in _JOINED or not (word == text or _METAL.search(text))
    ):
        # 304 is a steel beside one; 304-2, 304×5 and a mere 304 among other words are not.
        return False
    glued_left = _latin(word[0]) and (_latin(before) or before == ".")
    glued_right = _latin(word[-1]) and (_latin(after) or (after == "." and text[end + 1 : end + 2].isdigit()))
    return not glued_left and not glued_right


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
