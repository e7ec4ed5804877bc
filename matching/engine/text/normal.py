"""The one form in which texts are compared: width, dashes, spaces, signs and case unified."""

from __future__ import annotations

import re
import unicodedata

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
_CJK_GAP = re.compile(f"(?<=[{CJK}]) (?=[{CJK}])")
_JOINT = re.compile(r"(?<=[^\W0-9_])[-_ ](?=[0-9])")


# What most lines are made of: one look-up a character brings it into normal form. Whatever the pattern
# finds beside it goes the long way round.
_DIRECT = str.maketrans(
    {
        **{chr(0xFF01 + at): chr(0x21 + at) for at in range(0x5E)},
        **{chr(0xFF21 + at): chr(0x61 + at) for at in range(26)},
        **{chr(0x41 + at): chr(0x61 + at) for at in range(26)},
        **{"\u3000": " ", "µ": "μ", "℃": "°c", "。": ".", "Φ": "φ", "–": "-", "—": "-", "•": "·"},
    }
)
_INDIRECT = re.compile(
    "[^\u4e00-\u9fff -~°±·×φμ≤≥、《》“”]"
    "|[ \\-=*x×/](?:(?<=  )|(?<=--)|(?<=[<>]=)|(?<=\\+/)|(?<=[0-9][x*])(?= ?[0-9φ])"
    "|(?<=[0-9]×)(?= )|(?<=[0-9] )(?=[x*×]))"
)


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
    direct = text.translate(_DIRECT)
    if _INDIRECT.search(direct) is None:
        return _CJK_GAP.sub("", direct).strip() if " " in direct else direct
    return _settled(text)


def _settled(text: str) -> str:
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
