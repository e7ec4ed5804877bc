"""Words that mean the same: what the standards' tables and the offices teach, and the keys that follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from matching.engine.text.normal import CJK, clean, designation, normalise
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
_ELEMENT_CONTENT = re.compile("(?P<symbol>[a-z]{1,2})(?P<what>(?:元素)?(?:含量|浓度|质量分数|杂质))")


@dataclass(frozen=True, slots=True)
class GlossaryIndex:
    """A glossary ready for look-up: every word in normal form → the one word of its group."""

    canonical: Mapping[str, str] = field(default_factory=dict)
    heads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    grades: frozenset[str] = frozenset()


def index_glossary(glossary: Glossary) -> GlossaryIndex:
    """Merge groups that share a word; each group's longest word stands for it, whatever the order."""
    canonical = _merge((*glossary.synonyms, *glossary.grades))
    heads: dict[str, list[str]] = {}
    for word in canonical:
        heads.setdefault(word[0], []).append(word)
    for words in heads.values():
        words.sort(key=lambda word: (-len(word), word))
    ordered = {head: tuple(words) for head, words in heads.items()}
    units = {clean(written): clean(unit) for written, unit in glossary.units}
    grades = frozenset(designation(word) for group in glossary.grades for word in group)
    return GlossaryIndex(canonical=canonical, heads=ordered, units=units, grades=grades)


def _merge(groups: Iterable[tuple[str, ...]]) -> dict[str, str]:
    parent: dict[str, str] = {}

    def root(word: str) -> str:
        while parent.setdefault(word, word) != word:
            word = parent[word]
        return word

    for group in groups:
        words = sorted({normal for word in group if (normal := normalise(word))})
        for word in words:
            first, second = sorted((root(words[0]), root(word)), key=_preference)
            parent[second] = first
    merged = {word: root(word) for word in parent}
    for word, chosen in list(merged.items()):
        merged.setdefault(designation(word), chosen)
    return merged


def _preference(word: str) -> tuple[int, str]:
    """The longest word of a group stands for it: it is the least ambiguous one."""
    return -len(word), word


def canonical_word(text: str, glossary: GlossaryIndex) -> str:
    """Key under which a grade or word equals its synonyms (06Cr19Ni10 = 304)."""
    normal = normalise(text)
    compact = designation(normal)
    return glossary.canonical.get(normal) or designation(glossary.canonical.get(compact, compact))


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
    if not glossary.heads:
        return text
    out: list[str] = []
    position = 0
    while position < len(text):
        known = glossary.heads.get(text[position], ())
        word = next((word for word in known if _stands_at(text, position, word)), None)
        if word is None:
            out.append(text[position])
            position += 1
            continue
        out.append(take(glossary.canonical[word]))
        position += len(word)
    return "".join(out)


def _stands_at(text: str, position: int, word: str) -> bool:
    if not text.startswith(word, position):
        return False
    end = position + len(word)
    before, after = text[max(0, position - 1) : position], text[end : end + 1]
    if len(word) == 1 and not word.isascii():
        # A single character means something only alone: 链 is a chain, 产业链 is not.
        return not _IDEOGRAPH.match(before) and not _IDEOGRAPH.match(after)
    glued_left = _latin(word[0]) and (_latin(before) or before == ".")
    glued_right = _latin(word[-1]) and (_latin(after) or (after == "." and text[end + 1 : end + 2].isdigit()))
    return not glued_left and not glued_right


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
