"""Requirements whose value is a word: materials, grades, classes, coatings, defects that must not be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from matching.engine.specs.found import Canvas, Found
from matching.engine.specs.names import name_before, told
from matching.engine.specs.vocabulary import (
    CHOICE_NAMES,
    COATINGS,
    DEFECTS,
    LEVEL_NAMES,
    MATERIAL_NAMES,
    MATERIALS,
    NOT_CONTAINED,
)
from matching.engine.text import CJK, GlossaryIndex, clean, designation
from matching.engine.types import Operator
from matching.engine.values import read

_STOP = "，,;。!?、\n\r\t\0"
_SAID = r"(?:\s?(?:选用|采用|应为|须为|为|是|[:=])\s?)"
_DESIGNATION = r"[0-9A-Za-z][0-9A-Za-z.+\-/#()]*"
_MATERIAL = re.compile(
    rf"(?P<name>[{CJK}]{{0,6}}?(?:{MATERIAL_NAMES})){_SAID}?\s?(?:GB/?T?\s)?"
    rf"(?P<value>(?!D(?:10|50|90|97|max)(?![0-9A-Za-z])){_DESIGNATION}(?:{MATERIALS}|钢|合金)?(?:\s?(?:或|/|、)\s?{_DESIGNATION}(?=[{_STOP}\s]|$))*|(?:{MATERIALS})(?=[{_STOP}\s]|$))"
)
_LEVEL = re.compile(
    rf"(?P<name>[{CJK}A-Z]{{0,5}}(?:{LEVEL_NAMES}))(?:要求|代号)?{_SAID}?\s?"
    r"(?P<value>(?!IP\s?[0-9]|HR[BC]|H[BV]W?\s?[0-9]|R[az]|[A-Za-z]+\s?[≥≤<>=])(?:[A-Z][A-Za-z0-9./\-]*|[a-zA-Z]{1,2}[0-9]{1,2}(?:/[a-zA-Z]{1,2}[0-9]{1,2})?"
    r"|[0-9]{4,5}-[0-9A-Z]{1,4}(?:-[0-9A-Z]+)?|[0-9][A-Z](?![a-z]))级?)"
    rf"(?=[{_STOP}\s()级]|$|[{CJK}])"
)
_NAMED_LEVEL = re.compile(
    rf"(?P<name>[{CJK}Z]{{1,6}}?(?:性能|强度|精度|公差|涂层|游隙|探伤|级别|标志|等级))(?P<value>(?!IP)[A-Z]{{1,3}}[0-9]{{0,4}}(?:\.[0-9])?级?)"
    rf"(?=[{_STOP}\s]|$)"
)
_ENGLISH_LEVEL = re.compile(
    r"(?P<name>(?:[A-Za-z-]+ ){0,2}(?:[Cc]lass|[Gg]rade|[Tt]ype|[Ll]evel|[Cc]olou?r|[Mm]aterial|[Ff]inish))"
    r"\s?(?::|is|of)?\s?"
    r"(?P<value>(?!IP ?[0-9])[A-Z][A-Z0-9./\-]*[0-9][A-Z0-9./\-]*|[0-9]+[A-Z]+[0-9]*)(?=[,;.\s]|$)"
)
_CHOICE = re.compile(
    rf"(?P<name>(?:[{CJK}]{{0,6}}?)(?:{CHOICE_NAMES}))(?:要求)?(?:{_SAID}(?P<value>[^{_STOP}:≥≤<>=±~]{{1,24}})"
    rf"|(?P<plain>(?:正火|退火|调质|淬火|热轧|冷轧|电汇|承兑|现汇|月结|红色|白色|黑色|灰色|银色|蓝色|绿色|黄色)[^{_STOP}]{{0,6}}))"
    rf"(?=[{_STOP}]|$)"
)
_COATING = re.compile(
    rf"(?P<name>表面(?:处理)?(?:方式|工艺)?{_SAID}?)?(?P<value>(?:{COATINGS})(?:处理)?)(?=[{_STOP}\s)]|$)"
)
_NUMBER = re.compile(r"[-+±φ]?\s?[0-9.,]+\s?[^0-9\s]{0,8}$")
_ABSENT = re.compile(
    rf"(?:(?:不得|不应|不允许|不可|不能)(?:有|存在|出现|含有?)|未见|没有|无(?:明显|可见|任何|肉眼可见)?(?:的)?)"
    rf"(?P<defects>(?:(?:(?!等)[{CJK}]){{0,4}}?(?:{DEFECTS})(?:(?:、|和|及|与|或|,|，)(?!无))?)+)(?:等[{CJK}]{{0,4}})?(?=[{_STOP}\s)的]|$)"
    rf"|不(?:得|应|允许)?含有?(?!{NOT_CONTAINED})(?P<contained>[{CJK}A-Za-z0-9]{{1,8}}(?:[、和及与或](?!无)[{CJK}A-Za-z0-9]{{1,8}}?)*)"
    rf"(?:等[{CJK}]{{0,4}})?(?=[{_STOP}\s]|$)"
    r"|(?:free (?:of|from)|without|no visible)\s(?P<english>[a-z]+(?:,? (?:and|or) [a-z]+)?)(?=[,;.\s]|$)"
)
_JOIN = re.compile("[、和及与或,，]| and | or ")
_GRADE = re.compile(
    r"(?<![0-9A-Za-z.\-/])(?:"
    r"(?P<steel>HRBF?(?:335|400|500|600)E?|HPB(?:235|300)|Q[2-9][0-9]{2}[A-Z]{0,4}[0-9]?|[0-9]{0,3}(?:Cr|Mn|Si|Ni|Mo)[0-9]{0,2}(?:(?:Cr|Mn|Si|Ni|Mo|V|W|Ti|Al|Nb|N|B|Cu|Co|RE)[0-9.]{0,3})*[AGEH]?"
    r"(?<=[A-Za-z0-9]{4})|S[1-9][0-9]{2}(?:JR|J0|J2|K2|ML?|NL?|Q[L1]?)(?:\+[A-Z]+)*|SUS\s?[0-9]{3}[A-Z0-9]{0,3}|HT[1-4][0-9]{2}|QT[3-9][0-9]{2}-[0-9]{1,2}[A-Z]{0,2}"
    r"|ZL[1-4][0-9]{2}A?|ZG[0-9]{2,3}[0-9A-Za-z\-]*|U(?:71|75|76|78)(?:Mn|V|CrRE|CrV)[A-Z]?|LZ[45][0-9]|GH[1-9][0-9]{3}|T[ABC][0-9]{1,2}(?:ELI)?|W[C9][BC69]"
    r"|AZ[0-9]{2}[A-E]?|C[1-7][0-9]{4}|[1-9][A0-9][0-9]{2}A?-[THOF][0-9]{0,4}[A-Z]?|N[0-9]{2}(?:M|H|SH|UH|EH|AH)|P[0-9]{2,3}N|4J[0-9]{2}|YG[0-9]{1,2}[A-Z]?)"
    r"|(?P<plain>[0-9]{2}(?:#|号)?钢|(?:[1-5][05]|08|60|65|70)#)"
    r"|(?:(?P<bare>[2-4][0-9]{2}[LSH]?N?|2205|2507|904L)"
    r"\s?(?:双相|超级双相|奥氏体|马氏体)?(?:不锈钢|stainless(?: steel)?))"
    r"|(?P<listed>[A-Za-z0-9][0-9A-Za-z.\-/+#]{2,20})"
    r")(?![0-9A-Za-z])"
)
_STAINLESS = re.compile(
    r"(?:不锈钢|stainless steel|AISI)\s?(?P<grade>[2-4][0-9]{2}[LSH]?N?|2205|2507|904L)(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(r"\s?(?:或者?|/|\bor\b)\s?(?P<grade>[0-9A-Za-z][0-9A-Za-z.\-+#]*)")
_LETTER_AND_DIGIT = re.compile("(?=.*[A-Za-z])(?=.*[0-9])")


def find_words(canvas: Canvas, glossary: GlossaryIndex) -> None:
    """Cut out the requirements that are words, the ones with a written name first."""
    for finder in _FINDERS:
        canvas.add_all(list(finder(canvas, glossary)))


def _materials(canvas: Canvas, glossary: GlossaryIndex) -> Iterator[Found]:
    for match in _MATERIAL.finditer(canvas.text):
        values = tuple(part for part in re.split(r"\s?(?:或|、)\s?", match["value"]) if part)
        if len(values) == 1 and "/" in match["value"]:
            values = _slashed(match["value"], glossary)
        name, start = name_before(canvas.text, match.end("name"), 0)
        yield replace(_words(match, name or match["name"], values), start=max(start, match.start()))


def _slashed(written: str, glossary: GlossaryIndex) -> tuple[str, ...]:
    """304/316L are two grades; HC340/590DP is one."""
    parts = tuple(written.split("/"))
    return parts if all(is_grade(part, glossary) for part in parts) else (written,)


def _words(match: re.Match[str], name: str, values: tuple[str, ...]) -> Found:
    operator = Operator.ONE_OF if len(values) > 1 else Operator.EQUAL
    return Found(*match.span(), name, operator, values=values)


def _levels(pattern: re.Pattern[str]) -> Callable[[Canvas, GlossaryIndex], Iterator[Found]]:
    def find(canvas: Canvas, glossary: GlossaryIndex) -> Iterator[Found]:
        for match in pattern.finditer(canvas.text):
            name = told(match["name"].strip())
            yield _words(match, name, (match["value"].strip(" ."),))

    return find


def _choices(canvas: Canvas, glossary: GlossaryIndex) -> Iterator[Found]:
    for match in _CHOICE.finditer(canvas.text):
        value = (match["value"] or match["plain"]).strip()
        if value and not _NUMBER.fullmatch(value) and read(clean(value)) is None:
            yield _words(match, told(match["name"]), (value,))


def _coatings(canvas: Canvas, glossary: GlossaryIndex) -> Iterator[Found]:
    for match in _COATING.finditer(canvas.text):
        yield Found(*match.span(), "表面处理", values=(match["value"],))


def _absences(canvas: Canvas, glossary: GlossaryIndex) -> Iterator[Found]:
    """One requirement for each thing that must not be, with the one value 无."""
    for match in _ABSENT.finditer(canvas.text):
        group = next(name for name in ("defects", "contained", "english") if match[name])
        at = match.start(group)
        for part in _JOIN.split(match[group]):
            start = canvas.text.index(part, at)
            at = start + len(part)
            if part.strip():
                yield Found(match.start(), at, part.strip(), values=("无",))


def _stainless(canvas: Canvas, glossary: GlossaryIndex) -> Iterator[Found]:
    for match in _STAINLESS.finditer(canvas.text):
        yield _graded(canvas.text, match, match["grade"], glossary)


def _grades(canvas: Canvas, glossary: GlossaryIndex) -> Iterator[Found]:
    end = 0
    for match in _GRADE.finditer(canvas.text):
        listed = match["listed"]
        if match.start() < end or (
            listed and not (_LETTER_AND_DIGIT.match(listed) and is_grade(listed, glossary))
        ):
            continue
        found = _graded(canvas.text, match, match["bare"] or match.group(), glossary)
        end = found.end
        yield found


def _graded(text: str, match: re.Match[str], grade: str, glossary: GlossaryIndex) -> Found:
    """A grade with the alternatives that stand behind it (SUS304或316L)."""
    values, end = [grade], match.end()
    while (another := _ALTERNATIVE.match(text, end)) and (
        _GRADE.fullmatch(another["grade"]) or is_grade(another["grade"], glossary)
    ):
        values.append(another["grade"])
        end = another.end()
    operator = Operator.ONE_OF if len(values) > 1 else Operator.EQUAL
    return Found(match.start(), end, "材质", operator, values=tuple(values))


def is_grade(word: str, glossary: GlossaryIndex) -> bool:
    """Whether a word is a material's grade by the standards' tables or the office's."""
    return designation(word) in glossary.grades


_FINDERS: tuple[Callable[[Canvas, GlossaryIndex], Iterator[Found]], ...] = (
    _materials,
    _absences,
    _levels(_LEVEL),
    _levels(_NAMED_LEVEL),
    _levels(_ENGLISH_LEVEL),
    _stainless,
    _grades,
    _choices,
    _coatings,
)
