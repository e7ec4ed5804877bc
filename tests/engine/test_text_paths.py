"""The quick ways through the normaliser give what the plain definition gives."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from matching.engine.text import glossary as words
from matching.engine.text import index_glossary, normalise, tokens
from matching.engine.text.normal import clean
from matching.engine.text.standards import STANDARD, standard_name, standards_in
from matching.engine.types import Glossary
from tests.engine.values_of import GLOSSARY

INDEX = index_glossary(GLOSSARY)
NONE = index_glossary(Glossary())
CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
ALPHABET = (
    "钢板电机马达链产业圆环不锈液压缸无缝管 　\t  ABCGBTxXΧ×*✕φΦØ0123456789.,-—–~～/／+±<>=≥≤()（），。、"
    "℃°㎜m²³⁻¹µμΩſßİﬁｍｍ０３Ｘ＊＞＝‐\u200b304L06Cr19Ni10"
)
texts = st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=40)


def plainly_normal(text: str) -> str:
    """Clean, fold, and clean again until nothing changes."""
    current = clean(text)
    for _ in range(4):
        current, before = clean(current.casefold()), current
        if current == before:
            break
    return current


def plain_tokens(text: str, glossary: words.GlossaryIndex) -> list[str]:
    """Standards, then synonyms character by character, then pieces."""
    found: list[str] = []

    def take_standard(match: re.Match[str]) -> str:
        found.append(standard_name(match))
        return " "

    rest = STANDARD.sub(take_standard, plainly_normal(text))
    out, position = "", 0
    by_length = sorted(
        (word for group in glossary.heads.values() for word in group), key=lambda word: (-len(word), word)
    )
    by_length += glossary.singles
    while position < len(rest):
        word = next((w for w in by_length if words._stands_at(rest, position, w)), None)
        if word is None:
            out, position = out + rest[position], position + 1
            continue
        chosen = glossary.canonical[word]
        found.append(chosen)
        out, position = out + (" " if chosen.isascii() else chosen), position + len(word)
    for piece in re.findall(rf"[{CJK}]+|(?:(?![{CJK}])[^\W_])+(?:[-./×_+](?:(?![{CJK}])[^\W_])+)*#?", out):
        if re.match(f"[{CJK}]", piece):
            found += [*piece, *(piece[at : at + 2] for at in range(len(piece) - 1))]
            continue
        parts = [p for p in re.split(r"[-/×_+#]|\.(?![0-9])|(?<![0-9])\.", piece) if len(p) > 1]
        fine = [s for p in parts for s in re.findall(r"[0-9]+(?:\.[0-9]+)?|[^\W0-9_]+", p) if len(s) > 1]
        found += [piece, *dict.fromkeys(p for p in (*parts, *fine) if p != piece)]
    return found


@given(texts)
@example("100 Ｘ 50×5")
@example("不锈钢　无缝 管")
@example("3 x φ5 >= －－")
@example("+/- 5℃")
def test_normal_form_is_the_same_either_way(text: str) -> None:
    assert normalise(text) == plainly_normal(text)


@given(texts)
@example("防爆马达 304不锈钢 GB/T 3274-2017 链")
@example("产业链 链 12节")
def test_tokens_are_the_same_either_way(text: str) -> None:
    assert tokens(text, NONE) == plain_tokens(text, NONE)
    assert tokens(text, INDEX) == plain_tokens(text, INDEX)


BODIES = (
    "gb gb/t gjb tb/t mt/t jb/t yb/t hg/t hj yy/t ys/t sj/t qc/t nb/t dl/t db14/t hb hb/z t/cisa q/abc "
    "iso iec din en din en iso iatf astm a asme ansi jis g ul sae ams aws ieee itu-t g uic vda "
    "do- ed- rtca do ccar- tso- ctso- jesd jedec aec-q ipc-a- semi m mil-std- as "
).split()


@given(
    st.sampled_from(BODIES), st.integers(min_value=10, max_value=99_999), st.sampled_from(("", " ", "/", "-"))
)
def test_no_standard_escapes_the_quick_look(body: str, number: int, gap: str) -> None:
    text = f"板 {body}{gap}{number}"
    found = tuple(dict.fromkeys(standard_name(match) for match in STANDARD.finditer(normalise(text))))
    assert standards_in(text) == found
    assert [token for token in tokens(text, NONE) if token in found] == list(found)
