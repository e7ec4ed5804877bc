"""Requirements that are told by a notation: standards, certificates, threads, sizes, fits, wafers, fibres."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from matching.engine.specs.found import Canvas, Found
from matching.engine.specs.names import is_parameter, name_before, told
from matching.engine.specs.vocabulary import ALWAYS_CERTIFICATES, CERTIFICATES, HEADS, PAPERS
from matching.engine.text import CJK, find_standards
from matching.engine.types import Operator
from matching.engine.unit_names import UNIT, UNIT_AT
from matching.engine.units import known
from matching.engine.values import read

STANDARD, CERTIFICATE = "执行标准", "认证"
_NOT_DATA = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}\s?年(?:\s?[0-9]{1,2}\s?月(?:\s?[0-9]{1,2}\s?[日号])?)?(?:底|初|末)?"
    r"|(?:19|20)[0-9]{2}[-/.](?:0?[1-9]|1[0-2])[-/.][0-3]?[0-9](?![0-9])|(?<![0-9.])[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?[日号]"
    r"|(?<![0-9])0[0-9]{2,3}-[0-9]{7,8}|1[3-9][0-9]{9}(?![0-9.])|第[0-9]+[条章节期批次页届]|@[^，,;。)\n]+"
    rf"|(?:(?:(?<=[;。，,\n])|(?<=[^:]\s)|^)[1-9][0-9]?|(?<=:)1)[、)](?=\s?[{CJK}]))"
)
_LINK = re.compile(r"[、,，/和及与\s]*(?:and|&)?\s*")
_CERTIFIED = re.compile(
    r"[^，,;。、\n]{0,10}?(?:认证|认可|证书|资质|体系|标志|标识|certifi\w*|approv\w*|accredit\w*)"
)
_CERTIFICATE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<name>{CERTIFICATES})(?P<paper>(?:\s?(?:{PAPERS})|\s(?:certifi|mark|approv)[a-z]*)?)"
    rf"(?P<listed>(?=\s?[、/和及,，]\s?(?:{CERTIFICATES})(?![A-Za-z0-9])))?(?![A-Za-z0-9])"
    rf"|(?<![A-Za-z])(?P<always>{ALWAYS_CERTIFICATES})(?![A-Za-z])(?:\s?(?:{PAPERS}))?"
    rf"|(?:(?<=[具须拥需持获][备有得])|(?<=提供)|(?<=取得)|(?<=通过)|(?<=有)|(?<=[，,;。、\s])|^)"
    rf"(?P<chinese>[{CJK}]{{2,12}}?(?:认证|证书|许可证|合格证|资质)|煤安证)(?=[，,;。、\s)]|$)"
)
_NOMINAL = re.compile(r"(?<![0-9A-Za-z])(?P<letter>[DP])N ?[0-9]{1,4}(?:\.[0-9])?(?![0-9A-Za-z])")
_PITCH = r"(?:\s?[×xX*]\s?[0-9]+(?:\.[0-9]+)?){0,2}"
_THREAD = re.compile(
    rf"(?<![0-9A-Za-z.\-])(?P<size>(?:Tr|M|G|R[cp]?|NPT)\s?[0-9]{{1,3}}(?:\.[0-9]+|/[0-9])?{_PITCH}"
    r"(?:-[0-9][a-zA-Z](?:[0-9][a-zA-Z])?)?)(?![0-9A-Za-z.]|\s?[≥≤<>=])(?P<word>\s?(?:[内外]?螺纹|牙))?"
)
_LENGTH = r"(?:mm|cm|m|μm|um|毫米|厘米|米|微米|英寸|inch|in|\")(?![A-Za-z0-9²³^/])"
_SIDE = rf"(?:φ\s?)?[0-9]+(?:\.[0-9]+)?(?:\s?±\s?[0-9.]+)?(?:\s?{_LENGTH})?"
_SIDE_UNIT = re.compile(rf"\s?{_LENGTH}")
_SIZE = re.compile(
    rf"(?<![0-9A-Za-z.×*])(?P<size>{_SIDE}(?:\s?[×xX*](?!\s?10-[0-9])\s?{_SIDE}){{1,3}}(?:\s?[×*]\s?[CL](?![A-Za-z]))?)(?P<more>\+[0-9.×xX*]+)?(?![0-9A-Za-z^²³%×*\"])"
)
_CABLE = re.compile(
    r"(?<![0-9A-Za-z.])(?P<size>(?:[1-9][0-9]?\s?[×xX*]\s?)?[0-9]+(?:\.[0-9]+)?(?:\s?\+\s?(?:[A-Z]{1,2})?(?:[1-9]\s?[×xX*]\s?)?[0-9]+(?:\.[0-9]+)?)*)"
    r"\s?(?:mm(?:²|\^?2)|平方毫米|平方(?!米|厘米))(?![0-9A-Za-z])"
)
_CORES = re.compile(r"[×xX*+]")
_AXES = re.compile(r"[(\s]*(?P<axes>[长宽高厚深](?:\s?[×xX*]\s?[长宽高厚深]){1,2})[)\s:为=]*$")
_AXIS = {"长": "长度", "宽": "宽度", "高": "高度", "厚": "厚度", "深": "深度"}
_TIMES = re.compile(r"\s?[×xX*]\s?")
_OTHER_PRODUCT = re.compile(
    r"(?<![0-9A-Za-z.])[0-9]+(?:\.[0-9]+)?(?:[×xX*](?!10-[0-9])[0-9]+(?:\.[0-9]+)?)+(?![0-9^])"
)
_FIGURE = rf"(?:[AD]C\s?)?[0-9]+(?:\.[0-9]+)?(?:\s?(?:{UNIT}))??"
_BESIDE = re.compile(rf"(?<![0-9A-Za-z.+±\-]){_FIGURE}(?:\s?/\s?{_FIGURE})+(?:\s?(?:{UNIT}))?(?![0-9A-Za-z])")
_DEVIATION = re.compile(
    rf"(?<![0-9A-Za-z)])\+[0-9.]+(?:\s?{_LENGTH})?\s?[/,]\s?-[0-9.]+(?:\s?{_LENGTH})?(?![0-9A-Za-z])"
)
_SIZED = re.compile(
    "(?:尺寸|规格|大小|外形|截面|行程|台面?|幅面|幅|分辨率|型号|size|dimensions?|resolution)$", re.IGNORECASE
)
_RATED = re.compile(f"(?:{HEADS}|比|电源|供电)$")
_RATIO = re.compile(
    r"(?<![0-9A-Za-z:.])(?P<ratio>[0-9]+(?:\.[0-9]+)?(?:\s?:\s?[0-9]+(?:\.[0-9]+)?){1,3})(?![0-9:.])"
)
_RATIO_NAME = re.compile("(?:比|比例|配比|倍率|比率|ratio|scale)$", re.IGNORECASE)
_TOLERANCE_LETTERS = "(?:[a-hj-np-zA-HJ-NP-Z]|js|JS|za|zb|ZA|ZB)[0-9]{1,2}"
_FIT = re.compile(
    rf"(?<![0-9A-Za-z])φ\s?[0-9]+(?:\.[0-9]+)?\s?{_TOLERANCE_LETTERS}(?:/{_TOLERANCE_LETTERS})?(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z])[0-9]+(?:\.[0-9]+)?\s?{_TOLERANCE_LETTERS}/{_TOLERANCE_LETTERS}(?![0-9A-Za-z])"
)
_SILICON = "(?:硅片|硅棒|硅块|硅锭|电池片|电池组件|光伏组件|单晶硅|晶圆|衬底|wafer)"
_WAFER = "(?:M(?:0|2|4|6|9|10|12)|G(?:1|8|12R?))"
_TYPE = "[NP](?:型|-type)"
_KINDS = tuple(
    (parameter, re.compile(pattern))
    for parameter, pattern in (
        ("精度等级", r"(?:精度|准确度)(?:等级)?\s?[:为]?\s?(?P<value>0\.[25]S)级?(?![0-9A-Za-z])"),
        (
            "阻燃等级",
            r"(?:阻燃(?:等级|性能?)?|[Ff]lammability)\s?(?:[:为≥]|应?达到?|不低于)?\s?(?:(?P<value>UL\s?-?94\s?-?\s?(?:V-?[0-2]|HB|5VA)?)"
            r"|(?P<ahead>V-?[0-2]))(?![0-9A-Za-z])级?",
        ),
        (
            "能效等级",
            r"(?:能效(?:等级|级别)?\s?[:为≥]?\s?(?P<value>IE[1-5])"
            r"|(?<![0-9A-Za-z])(?P<ahead>IE[1-5])(?:级?能效)?)(?![0-9A-Za-z])级?",
        ),
        (
            "洁净等级",
            r"洁净[^，,;。\n0-9]{0,8}?(?P<value>ISO\s?(?:[Cc]lass\s?)?[1-9])级?(?P<ahead>(?!))?",
        ),
        (
            "额定电压",
            r"(?:额定电压|电压等级)?\s?[:为]?\s?(?<![0-9.])(?P<value>(?:0\.45/0\.75|0\.6/1|1\.8/3|3\.6/6|6/10|8\.7/1[05]|12/20|18/[23]0|21/35|26/35)\s?[kK][Vv])"
            r"(?P<ahead>(?!))?",
        ),
        (
            "防爆等级",
            r"防爆(?:等级|标志|型式|类型)?\s?[:为]?\s?(?P<value>Ex\s?[a-zA-Z\[(][^，,;。、\n]{0,20})"
            r"|(?P<ahead>Ex\s?[deipmno]{1,2}[ab]? ?[IⅠⅡ]+[ABC]?[^，,;。、\n]{0,8})",
        ),
        (
            "硅片规格",
            rf"{_SILICON}[^，,;。\n]{{0,12}}?(?<![0-9A-Za-z])(?P<value>{_WAFER})(?![0-9A-Za-z×.])"
            rf"|(?<![0-9A-Za-z])(?P<ahead>{_WAFER})(?![0-9A-Za-z×.])[^，,;。\n]{{0,6}}?{_SILICON}",
        ),
        (
            "导电类型",
            rf"{_SILICON}[^，,;。\n]{{0,12}}?(?<![0-9A-Za-z-])(?P<value>{_TYPE})"
            rf"|(?<![0-9A-Za-z-])(?P<ahead>{_TYPE})[^，,;。\n]{{0,8}}?{_SILICON}",
        ),
        (
            "电芯型号",
            r"(?<![0-9A-Za-z])(?P<value>18650|21700|26650|26700|32700|32140|4680|46800|4695)(?![0-9])"
            r"\s?(?:圆柱|型|锂|电芯|电池|cell)+",
        ),
        (
            "纤维牌号",
            r"(?<![0-9A-Za-z])(?P<value>T(?:300|400|600|700|800|1000|1100)[A-Z]?|M(?:40|46|50|55|60)[JXS])"
            r"(?:级|\s?(?=碳)|(?=-?[0-9]{1,2}K)|(?=[，,\s]))(?:碳(?:素)?纤维)?",
        ),
        (
            "光纤类型",
            r"(?<![0-9A-Za-z])(?P<value>G\.?65[0-9](?:[A-E][0-9]?)?|OM[1-5]|OS[12])(?![0-9A-Za-z])"
            r"(?:单模|多模)?(?:光纤|光缆)?",
        ),
    )
)  # fmt: skip
_FILAMENTS = re.compile(
    r"(?<![0-9A-Za-z.])(?P<count>1|3|6|12|15|18|24|25|48|50)K(?:丝束|(?=[，,;。、\s]|$|碳))"
)
_PURITY = re.compile(
    r"(?<![0-9A-Za-z.])[3-9](?:\.[0-9])?N[0-9]?(?![0-9A-Za-z])|(?<![0-9A-Za-z.])1[0-3]N(?![0-9A-Za-z])"
)


def find_notations(canvas: Canvas) -> None:
    """Cut out everything whose notation tells what it is.

    Dates, telephone numbers and what a value is measured at (@1310nm) tell nothing.
    """
    for finder in _FINDERS:
        if finder is _masked or _WORTH.search(canvas.text):
            canvas.add_all(list(finder(canvas)))


def _masked(canvas: Canvas) -> Iterator[Found]:
    for match in _NOT_DATA.finditer(canvas.text):
        canvas.cut(*match.span())
    yield from ()


def _standards(canvas: Canvas) -> Iterator[Found]:
    text = canvas.text
    spans = [(start, end) for start, end, _ in find_standards(_lower(text))]
    certified = 0
    found: list[Found] = []
    for at, (start, end) in reversed(list(enumerate(spans))):
        follower = spans[at + 1][0] if at + 1 < len(spans) else None
        linked = follower is not None and bool(_LINK.fullmatch(text, end, follower))
        stated = _CERTIFIED.match(text, end) if not linked else None
        certified = stated.end() if stated else certified if linked else 0
        parameter = CERTIFICATE if certified else STANDARD
        found.append(Found(start, certified or end, parameter, values=(text[start:end].strip(),)))
    return iter(found)


def _lower(text: str) -> str:
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def _certificates(canvas: Canvas) -> Iterator[Found]:
    listed: list[tuple[int, int, str]] = []
    for match in _CERTIFICATE.finditer(canvas.text):
        name = match["name"]
        if name and match["listed"] is not None and not match["paper"]:
            listed.append((*match.span(), name))
            continue
        if name and match["paper"]:
            for start, _, other in listed:
                yield Found(start, match.end(), CERTIFICATE, values=(other,))
            held = match.group() if match["paper"].startswith("煤安") else name
            yield Found(*match.span(), CERTIFICATE, values=(re.sub("(?:证书|认证)$", "", held),))
        elif not name:
            name, start = _paper(canvas.text, match)
            yield Found(start, match.end(), CERTIFICATE, values=(name,))
        listed = []


def _paper(text: str, match: re.Match[str]) -> tuple[str, int]:
    """A certificate's name without the verb before it (具备特种设备制造许可证), and its start."""
    if match["always"]:
        return match["always"], match.start()
    name, start = name_before(text, match.end(), 0)
    return (name, start) if name else (match["chinese"], match.start())


def _nominals(canvas: Canvas) -> Iterator[Found]:
    """DN200 and PN16 name what they measure."""
    for match in _NOMINAL.finditer(canvas.text):
        name, start = name_before(canvas.text, match.start(), 0)
        implied = "公称通径" if match["letter"] == "D" else "公称压力"
        if not is_parameter(name):
            name, start = implied, match.start()
        yield Found(start, match.end(), told(name), values=(match.group().replace(" ", ""),))


def _threads(canvas: Canvas) -> Iterator[Found]:
    for match in _THREAD.finditer(canvas.text):
        size = match["size"]
        if size.startswith("M") or match["word"]:
            yield Found(*match.span(), "螺纹", values=(_TIMES.sub("×", size).replace(" ", ""),))


def _kinds(canvas: Canvas) -> Iterator[Found]:
    for parameter, pattern in _KINDS:
        for match in pattern.finditer(canvas.text):
            value = match["value"] or match["ahead"]
            yield Found(*match.span(), parameter, values=(value,))
    for match in _FILAMENTS.finditer(canvas.text):
        count = Decimal(match["count"]) * 1000
        yield Found(*match.span(), "丝束", low=count, high=count)


def _fits(canvas: Canvas) -> Iterator[Found]:
    for match in _FIT.finditer(canvas.text):
        name, start = name_before(canvas.text, match.start(), 0)
        written = match.group().replace(" ", "")
        yield Found(start, match.end(), told(name) or "直径", values=(written,))


def _sizes(canvas: Canvas) -> Iterator[Found]:
    """100×50×5 stays one value “尺寸” unless the text names its axes (长×宽×高)."""
    for match in _SIZE.finditer(canvas.text):
        axes = _AXES.search(canvas.text, max(0, match.start() - 20), match.start())
        sides = _TIMES.split(match["size"])
        if axes and len(_TIMES.split(axes["axes"])) == len(sides):
            yield from _axes(canvas, match, axes)
            continue
        unit = UNIT_AT.match(canvas.text, match.end())
        if unit and not _SIDE_UNIT.match(canvas.text, match.end()):
            continue
        name, start = name_before(canvas.text, match.start(), 0)
        if not (_SIZED.search(name) or is_parameter(name)):
            name, start = "", match.start()
        written = "×".join(side.replace(" ", "") for side in sides) + (match["more"] or "")
        yield Found(start, match.end(), told(name) or "尺寸", values=(written,))


def _others(canvas: Canvas) -> Iterator[Found]:
    """Products of other units (3×240mm², 7×24小时) and figures beside each other say no one number."""
    for match in _OTHER_PRODUCT.finditer(canvas.text):
        canvas.cut(*match.span())
    for match in _DEVIATION.finditer(canvas.text):
        name, start = name_before(canvas.text, match.start(), 0)
        if name:
            yield Found(start, match.end(), told(name), values=(match.group(),))
    for match in _BESIDE.finditer(canvas.text):
        name, start = name_before(canvas.text, match.start(), 0)
        stated = read(match.group())
        if _RATED.search(name) and not (stated and stated.unit and known(stated.unit)):
            yield Found(start, match.end(), told(name), values=(match.group(),))
    yield from ()


def _cables(canvas: Canvas) -> Iterator[Found]:
    """3×120+1×70mm² tells the cores of a cable and the section of each."""
    for match in _CABLE.finditer(canvas.text):
        if not _CORES.search(match["size"]):
            continue
        name, start = name_before(canvas.text, match.start(), 0)
        if not name.endswith("截面"):
            name, start = "截面", match.start()
        written = re.sub(r"\s?[×xX*]\s?", "×", match["size"]).replace(" ", "")
        yield Found(start, match.end(), told(name), values=(f"{written}mm²",))


def _axes(canvas: Canvas, match: re.Match[str], axes: re.Match[str]) -> Iterator[Found]:
    sides = _TIMES.split(match["size"])
    last = read(sides[-1])
    for name, side in zip(_TIMES.split(axes["axes"]), sides, strict=True):
        reading = read(side)
        if reading is not None and last is not None:
            yield Found(
                axes.start("axes"),
                match.end(),
                _AXIS[name],
                Operator.EQUAL if reading.low == reading.high else Operator.BETWEEN,
                reading.low,
                reading.high,
                reading.unit or last.unit,
            )


def _ratios(canvas: Canvas) -> Iterator[Found]:
    for match in _RATIO.finditer(canvas.text):
        name, start = name_before(canvas.text, match.start(), 0)
        if _RATIO_NAME.search(name):
            yield Found(start, match.end(), told(name), values=(match["ratio"].replace(" ", ""),))
        else:
            canvas.cut(*match.span())


def _purities(canvas: Canvas) -> Iterator[Found]:
    """Nines that stand alone say nothing of what they are the purity."""
    for match in _PURITY.finditer(canvas.text):
        if not name_before(canvas.text, match.start(), 0)[0]:
            canvas.cut(*match.span())
    yield from ()


_WORTH = re.compile("[A-Za-z0-9认证资]")
_FINDERS: tuple[Callable[[Canvas], Iterator[Found]], ...] = (
    _masked,
    _kinds,
    _standards,
    _certificates,
    _nominals,
    _threads,
    _fits,
    _ratios,
    _cables,
    _sizes,
    _others,
    _purities,
)
