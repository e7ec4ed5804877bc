"""One normaliser for everything that people typed: names, standards, grades, sizes.

Chinese is compared by characters and never romanised: 陕西 and 山西 are different places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from matching.engine.types import Glossary

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_BEFORE_NFKC = str.maketrans({"º": "°", "˚": "°", "˜": "~", **dict.fromkeys(_INVISIBLE)})
_AFTER_NFKC = str.maketrans(
    {
        **dict.fromkeys("‐‒–—―−⁃─", "-"),
        **dict.fromkeys("〜∼⁓∽", "~"),
        **dict.fromkeys("✕✖╳⨯⨉", "×"),
        **dict.fromkeys("•‧⋅∙・", "·"),
        **dict.fromkeys("≧⩾≮", "≥"),
        **dict.fromkeys("≦⩽≯", "≤"),
        **dict.fromkeys("⌀Φ∅", "φ"),
        "﹥": ">",
        "﹤": "<",
        "⁄": "/",
        "。": ".",
    }
)
_SUPERSCRIPT = re.compile("(?<=[0-9])[⁺⁻]?[⁰¹²³⁴-⁹]+")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile("-{2,}")
_SLASHED_O = re.compile(r"[Øø](?=\s*\d)")
_TIMES = re.compile(r"(?<=[0-9])\s*[xX*×]\s*(?=[0-9φ])")
_IDEOGRAPH = re.compile(f"[{CJK}]")
_CJK_GAP = re.compile(f"(?<=[{CJK}]) (?=[{CJK}])")

_CHINESE_BODIES = "gjb|gb|tb|mt|jb|yb|hg|hj|yy"
# These letters also begin model numbers (SY215), so they need their /T.
_CHINESE_RECOMMENDED = (
    "ys|sj|sh|qc|nb|dl|yd|jt|qb|cb|cj|jg|lb|ly|fz|sn|sy|jc|aq|gm|gy|mh|ga"
    "|cy|hy|wj|xf|rb|sb|jr|ny|ws|db[0-9]{2}"
)
_FOREIGN_BODIES = (
    "(?:din )?(?:en )?(?:iso|iec)(?:/(?:iec|ts|tr|pas|sae))?"
    "|iatf|astm|asme|ansi|jis|din|en|ul|sae|ams|aws|ieee|itu-t|nadcap|uic|vda"
)
_STANDARD = re.compile(
    rf"(?<![a-z0-9])(?:(?P<cn>{_CHINESE_BODIES})(?P<kind>[/ ]?[tz](?=[ 0-9]))?"
    rf"|(?P<recommended>{_CHINESE_RECOMMENDED})/(?P<letter>[tz])"
    r"|(?P<hb>hb(?:/z)?)(?= ?[0-9]{4})"
    rf"|(?P<group>[tq]/[a-z]{{2,8}})|(?P<foreign>{_FOREIGN_BODIES}))"
    r" ?(?P<number>[a-z]?[0-9]{2,}(?:\.[0-9]+)*m?)(?:-(?P<part>[0-9]{1,3})(?![0-9]))?"
    r"(?:[-:](?P<year>(?:19|20)[0-9]{2}))?(?![a-z0-9])"
    # Bodies whose letters before or behind the number tell documents apart (DO-160G, AEC-Q100, SEMI S2).
    r"|(?<![a-z0-9])(?:(?:(?:rtca|eurocae)[ /-]?(?P<rtca>do|ed)[- ]?|(?P<bare>do|ed)-)(?=[0-9]{3})"
    r"|(?P<lettered>ccar|tso|ctso|jesd|jedec|aec|ipc|semi|mil|as(?=[ -]?[0-9]{4}))(?=[- a-z0-9]))"
    r"[- ]?(?P<document>(?:q|std|prf|hdbk|[a-gmps]|tm)?[- ]?[0-9]{1,5}[a-z]{0,2}"
    r"(?:-[a-z]?[0-9]{1,3}(?![0-9]))?)"
    r"(?:[-:][0-9]{4})?(?![a-z0-9])"
)
_GAPS = re.compile("[- ](?=[0-9])|(?<=[a-z])[- ]|-(?=[a-z])")
_LATIN = rf"(?:(?![{CJK}])[^\W_])+"
_PIECE = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<run>{_LATIN}(?:[-./×_+]{_LATIN})*#?)")
_SEPARATOR = re.compile(r"[-/×_+#]|\.(?![0-9])|(?<![0-9])\.")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?|[^\W0-9_]+")
_JOINT = re.compile(r"(?<=[^\W0-9_])[-_ ](?=[0-9])")
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


def clean(text: str) -> str:
    """Unify width, dashes, spaces and signs; letters keep their case (units need it: mW and MW)."""
    text = _SUPERSCRIPT.sub(lambda found: "^" + found.group(), text.translate(_BEFORE_NFKC))
    text = unicodedata.normalize("NFKC", text).translate(_AFTER_NFKC)
    text = text.replace(">=", "≥").replace("<=", "≤").replace("+/-", "±")
    text = _SLASHED_O.sub("φ", _DASHES.sub("-", text))
    text = _TIMES.sub("×", text)
    return _CJK_GAP.sub("", _SPACES.sub(" ", text)).strip()


def normalise(text: str) -> str:
    """The one form in which texts are compared; applying it twice changes nothing."""
    current = clean(text)
    # Folding case can create new compatibility forms; two rounds settle all but exotic letters.
    for _ in range(4):
        following = clean(current.casefold())
        if following == current:
            break
        current = following
    return current


def designation(text: str) -> str:
    """Normal form of a grade, model or short word: no spaces, ``TC-4`` as ``tc4``."""
    return _JOINT.sub("", normalise(text)).replace(" ", "")


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
    return GlossaryIndex(canonical=canonical, heads=ordered, units=units)


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


def standards_in(text: str) -> tuple[str, ...]:
    """Keys of the standards named in a text, in order, without year (``gb/t3274``)."""
    found = (_standard_name(match) for match in _STANDARD.finditer(normalise(text)))
    return tuple(dict.fromkeys(found))


def standard_key(text: str) -> str:
    """Key of one standard as written; a text that names none is its own key."""
    return next(iter(standards_in(text)), designation(text))


def _standard_name(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups["document"]:
        return (groups["rtca"] or groups["bare"] or groups["lettered"]) + _GAPS.sub("", groups["document"])
    number = groups["number"]
    if groups["cn"]:
        kind = groups["kind"]
        return groups["cn"] + (f"/{kind[-1]}" if kind else "") + number
    if groups["recommended"]:
        return f"{groups['recommended']}/{groups['letter']}{number}"
    if groups["foreign"]:
        body = groups["foreign"].split(" ")[-1]
        # Only foreign numbers carry parts behind a dash; in Chinese ones it is an old two-digit year.
        return body + number + (f"-{groups['part']}" if groups["part"] else "")
    return (groups["hb"] or groups["group"]) + number


def tokens(text: str, glossary: GlossaryIndex) -> list[str]:
    """Words to search by: CJK uni- and bigrams, Latin runs whole and in parts, standards, synonyms.

    Every word of a synonym group yields the same tokens, so texts that differ only in them are equal.
    """
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        found.append(_standard_name(match))
        return " "

    rest = _STANDARD.sub(take, normalise(text))
    rest = _replace_synonyms(rest, glossary, found)
    for piece in _PIECE.finditer(rest):
        if piece.lastgroup == "cjk":
            characters = piece.group()
            found.extend(characters)
            found.extend(characters[at : at + 2] for at in range(len(characters) - 1))
        else:
            found.extend(_run_tokens(piece.group()))
    return found


def replace_synonyms(text: str, glossary: GlossaryIndex) -> str:
    """A text in normal form with each word of a synonym group replaced by the one that stands for it."""
    return _spans(text, glossary, lambda word: word)


def _replace_synonyms(text: str, glossary: GlossaryIndex, found: list[str]) -> str:
    def take(word: str) -> str:
        found.append(word)
        return word if not word.isascii() else " "

    return _spans(text, glossary, take)


def _spans(text: str, glossary: GlossaryIndex, take: Callable[[str], str]) -> str:
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


def _run_tokens(run: str) -> list[str]:
    parts = [part for part in _SEPARATOR.split(run) if len(part) > 1]
    fine = [small for part in parts for small in _LETTERS_OR_DIGITS.findall(part) if len(small) > 1]
    return [run, *dict.fromkeys(part for part in (*parts, *fine) if part != run)]
