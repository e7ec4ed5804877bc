"""Numbers of standards: GB/T, TB/T, MT/T, JB/T, ISO, IATF, EN, ASTM and the like, with year or without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matching.engine.text.normal import designation, normalise

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
STANDARD = re.compile(
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
    r"(?:\.[0-9]{1,4})?(?:[-:][0-9]{4})?(?![a-z0-9])"
)
# The same search costs a tenth where no body's name begins: the pattern starts with a plain letter.
_BODIES = (
    "gjb gb tb mt jb yb hg hj yy din en iso iec iatf astm asme ansi jis ul sae ams aws ieee itu-t nadcap "
    "uic vda hb t/ q/ ccar tso ctso jesd jedec aec ipc semi mil as do ed rtca eurocae db"
).split() + [f"{body}/" for body in _CHINESE_RECOMMENDED.split("|") if body.isalpha()]
_LIKELY = re.compile(
    "|".join(f"{re.escape(body)}(?<![a-z0-9]{'.' * len(body)})" for body in sorted(_BODIES, key=len))
)
_GAPS = re.compile("[- ](?=[0-9])|(?<=[a-z])[- ]|-(?=[a-z])")


def standards_in(text: str) -> tuple[str, ...]:
    """Keys of the standards named in a text, in order, without year (``gb/t3274``)."""
    return tuple(dict.fromkeys(key for _, _, key in find_standards(normalise(text))))


def names_standard(normal: str) -> bool:
    """Whether a text in normal form may name a standard; quick, and never no where there is one."""
    return _LIKELY.search(normal) is not None


def find_standards(normal: str) -> Iterator[tuple[int, int, str]]:
    """Where in a text in normal form standards stand, and the key of each."""
    for match in STANDARD.finditer(normal) if names_standard(normal) else ():
        yield match.start(), match.end(), standard_name(match)


def editions_in(text: str) -> dict[str, int]:
    """The newest year that a text names of each standard; those without a year are left out."""
    found: dict[str, int] = {}
    normal = normalise(text)
    for match in STANDARD.finditer(normal) if names_standard(normal) else ():
        year = _year(match)
        if year is not None:
            key = standard_name(match)
            found[key] = max(year, found.get(key, year))
    return found


def _year(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups["year"]:
        return int(groups["year"])
    old = groups["part"] if groups["cn"] or groups["recommended"] else None
    return 1900 + int(old) if old and len(old) == 2 else None


def standard_key(text: str) -> str:
    """Key of one standard as written; a text that names none is its own key."""
    return next(iter(standards_in(text)), designation(text))


def standard_name(match: re.Match[str]) -> str:
    """The key of a standard that ``STANDARD`` found."""
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
