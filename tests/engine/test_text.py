from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.text import (
    canonical_word,
    clean,
    designation,
    index_glossary,
    normalise,
    parameter_key,
    standard_key,
    standards_in,
    tokens,
    word_key,
)
from matching.engine.text.grades import GRADES
from matching.engine.types import Glossary
from tests.engine.values_of import GLOSSARY

INDEX = index_glossary(GLOSSARY)
NONE = index_glossary(Glossary())


@given(st.text(max_size=60))
def test_normalise_is_idempotent(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ＧＢ／Ｔ　３２７４－２０１７", "gb/t 3274-2017"),
        ("100X50*5", "100×50×5"),
        ("100 × 50 ✕ 5", "100×50×5"),
        ("5 Ω", "5 Ω"),
        ("3 µm", "3 μm"),
        ("3～5㎜", "3~5mm"),
        ("3—5", "3-5"),
        ("⌀840", "Φ840"),
        ("抗拉 强度", "抗拉强度"),
        (">=690", "≥690"),
        ("20℃", "20°C"),
        ("m²", "m2"),
    ],
)
def test_variants_become_one(left: str, right: str) -> None:
    assert normalise(left) == normalise(right)


def test_clean_keeps_the_case_that_units_need() -> None:
    assert clean("５ ＭＷ") == "5 MW"


def test_exponents_stay_apart_from_their_number() -> None:
    assert clean("10⁵") == "10^5"


def test_never_romanised() -> None:
    assert set(tokens("陕西", NONE)).isdisjoint(set(tokens("山西", NONE)) - {"西"})
    assert "陕西" in tokens("陕西", NONE)


def test_tokens_are_characters_bigrams_and_whole_runs() -> None:
    assert tokens("钢板 XK4-DT", NONE) == ["钢", "板", "钢板", "xk4-dt", "xk4", "dt", "xk"]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("GB/T 3274-2017", "gb/t3274"),
        ("GB/T3274—2017", "gb/t3274"),
        ("gbt 3274", "gb/t3274"),
        ("GB 4053.1-2009", "gb4053.1"),
        ("GB 699-88", "gb699"),
        ("TB/T 1580-1995", "tb/t1580"),
        ("MT/T 1097", "mt/t1097"),
        ("ISO 9001:2015", "iso9001"),
        ("IEC 61215-1:2021", "iec61215-1"),
        ("IATF 16949", "iatf16949"),
        ("T/CISA 012-2019", "t/cisa012"),
        ("ASTM A240", "astma240"),
        ("HB 5432", "hb5432"),
        ("AQ/T 1043-2007", "aq/t1043"),
        ("GM/T0028", "gm/t0028"),
        ("YY/T 0316-2016", "yy/t0316"),
        ("HJ 1089-2020", "hj1089"),
        ("SEMI S2-0818", "semis2"),
        ("RTCA DO-160G", "do160g"),
        ("RTCA/DO-178C", "do178c"),
        ("CCAR-27", "ccar27"),
        ("AEC-Q100", "aecq100"),
        ("JESD22-A104", "jesd22a104"),
        ("IPC-A-610", "ipca610"),
        ("T/CEC 102-2016", "t/cec102"),
    ],
)
def test_standards_are_recognised(written: str, key: str) -> None:
    assert standard_key(written) == key
    assert key in tokens(f"执行{written}的钢板", NONE)


@pytest.mark.parametrize("text", ["HB 300", "SY215 挖掘机", "M12", "10 mt 5", "do 100", "as 20"])
def test_what_is_no_standard(text: str) -> None:
    assert standards_in(text) == ()


def test_a_single_character_is_a_synonym_only_alone() -> None:
    assert "链条" in tokens("链 12 节", INDEX)
    assert "链条" not in tokens("产业链", INDEX)


def test_synonyms_yield_the_same_tokens() -> None:
    assert tokens("防爆马达", INDEX) == tokens("防爆电动机", INDEX) == tokens("防爆电机", INDEX)


def test_grades_yield_one_token_but_not_inside_numbers() -> None:
    assert set(tokens("304", INDEX)) == set(tokens("06Cr19Ni10", INDEX))
    assert "06cr19ni10" not in tokens("1304 mm 304.5", INDEX)


def test_groups_that_share_a_word_are_one_whatever_their_order() -> None:
    groups = (("甲", "乙"), ("丙", "丁"), ("丁", "乙"))
    indexes = [index_glossary(Glossary(synonyms=order)) for order in (groups, groups[::-1])]
    assert indexes[0].canonical == indexes[1].canonical
    assert len({indexes[0].canonical[word] for word in "甲乙丙丁"}) == 1


def test_canonical_word_ignores_spacing_and_dashes() -> None:
    assert canonical_word("TC-4", NONE) == canonical_word("tc4", NONE)
    assert canonical_word("S30408", INDEX) == canonical_word("06Cr19Ni10", INDEX)


def test_parameter_names_meet_over_synonyms_and_brackets() -> None:
    assert parameter_key("拉伸强度（Rm）", INDEX) == parameter_key("抗拉 强度", INDEX)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("P型", "P-type"),
        ("p型", "P class"),
        ("6106-T6", "6106T6"),
        ("6005A(T6)", "6005A-T6"),
        ("B", "掺硼"),
        ("Ga", "镓"),
        ("三叶", "3叶"),
        ("白色", "白"),
    ],
)
def test_spellings_of_one_short_value(one: str, other: str) -> None:
    assert word_key(one, NONE, element=True) == word_key(other, NONE, element=True)


def test_different_short_values_stay_apart() -> None:
    assert len({word_key(word, NONE) for word in ("P型", "N型", "磷", "硼", "6061-T6", "6061-T4")}) == 6


def test_content_of_an_element_by_its_symbol() -> None:
    assert parameter_key("B含量", NONE) == parameter_key("硼含量", NONE)


@given(st.text(max_size=60))
def test_tokens_accept_any_text(text: str) -> None:
    assert all(tokens(text, INDEX))


@pytest.mark.parametrize(
    "words",
    [
        ("06Cr19Ni10", "304", "S30408", "SUS304", "1.4301", "0Cr18Ni9"),
        ("TC4", "Ti-6Al-4V", "Gr5", "TC-4"),
        ("GH4169", "Inconel 718", "INCONEL718", "N07718", "2.4668"),
        ("42CrMo", "4140", "1.7225", "SCM440"),
        ("Q355B", "S355JR", "Q345B"),
        ("6061", "EN AW-6061", "LD30"),
        ("G.652D", "G.652.D"),
        ("100×50×5mm", "100*50*5", "100 x 50 x 5 MM", "10×5×0.5cm"),
        ("M12×1.75", "M12x1.75", "M12*1.75"),
        ("304不锈钢", "06Cr19Ni10", "不锈钢304"),
    ],
)
def test_one_material_or_size_has_one_key(words: tuple[str, ...]) -> None:
    assert len({canonical_word(word, NONE) for word in words}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("304", "304L"),
        ("316", "316L"),
        ("316L", "316 L/min"),
        ("Q235B", "A36"),
        ("Grade 5", "TC4"),
        ("100×50×5mm", "100×50×5cm"),
        ("M10", "M10×1.25"),
        ("6061", "6082"),
    ],
)
def test_what_only_looks_alike_stays_apart(one: str, other: str) -> None:
    assert canonical_word(one, NONE) != canonical_word(other, NONE)


def test_built_in_grades_and_synonyms_make_texts_alike() -> None:
    assert set(tokens("304不锈钢板", NONE)) == set(tokens("06Cr19Ni10不锈钢板", NONE))
    assert tokens("防爆马达", NONE) == tokens("防爆电动机", NONE)
    assert "06cr19ni10" not in tokens("304 sheets of paper", NONE)
    assert "06cr19ni10" not in tokens("钢板 304-2", NONE)


def test_no_grade_stands_in_two_groups_that_differ() -> None:
    """Groups that share a word become one: a slip of the table would make 304 and 304L the same."""
    words = [word for group in GRADES for word in {designation(word) for word in group}]
    assert sorted(words) == sorted(set(words))
