"""Certificates in one cell: ``IATF 16949, 编号 CN-123, 有效期至 2027-05-01``, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from matching.sheets.specified.quoting import QUOTED, quoted, unquoted

_BARE = r'[^",，;；、\n\r()（）]'
_NUMBERED = r"(?:证书编号|证书号码?|编号|号码|[Nn][Oo](?:\.|:|：|(?=\s))|[Nn]umber)\s*[:：]?\s*"
_UNTIL = r"(?:有效期限?[至到]?|有效至|到期日?|截至|[Vv]alid until|[Ee]xpires(?: on)?|[Uu]ntil|至)\s*[:：]?\s*"
_DATE = (
    r"(?P<year>(?:19|20)[0-9]{2})(?:\s*[-/.年]\s*(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})\s*日?"
    r"|(?P<month8>[0-9]{2})(?P<day8>[0-9]{2}))(?![0-9])"
)
_EXACT = re.compile(
    rf"\s*(?P<name>{QUOTED}|{_BARE}+?)(?:\s*[,，]\s*{_NUMBERED}(?P<number>{QUOTED}|{_BARE}+?))?"
    rf"(?:\s*[,，]\s*{_UNTIL}{_DATE})?[^\S\n\r]*(?=[;；、\n\r]|\Z)"
)
_SEPARATOR = re.compile(r"[;；、\n\r]+")
_LOOSE_NUMBER = re.compile(rf"[,，]?\s*{_NUMBERED}(?P<number>[^\s,，;；()（）]+)")
_LOOSE_DATE = re.compile(rf"[,，]?\s*(?:{_UNTIL})?(?<![0-9]){_DATE}\s*(?:到期|止|前有效|有效)?")
_EMPTY_BRACKETS = re.compile(r"[(（][\s,，:：]*[)）]")
_BLANK = re.compile(r"[\s;；、]*")


def write_certificates(rows: Iterable[Mapping[str, Any]]) -> str:
    """Certificates, one a line. Rows as the API takes them."""
    return "\n".join(_written(row) for row in rows)


def _written(row: Mapping[str, Any]) -> str:
    bare = _line(row["name"], row.get("number") or "", row.get("expires"), exact=False)
    wanted = {"name": row["name"], "number": row.get("number") or "", "expires": row.get("expires")}
    if read_certificates(bare) == [wanted]:
        return bare
    return _line(row["name"], row.get("number") or "", row.get("expires"), exact=True)


def _line(name: str, number: str, expires: date | None, *, exact: bool) -> str:
    def token(text: str) -> str:
        return quoted(text) if exact else text

    parts = [token(name)]
    if number:
        parts.append(f"编号 {token(number)}")
    if expires is not None:
        parts.append(f"有效期至 {expires.isoformat()}")
    return ", ".join(parts)


def read_certificates(text: str) -> list[dict[str, Any]]:
    """Certificates of a cell; what stands beside a number and a date is the name, so nothing is lost."""
    found: list[dict[str, Any]] = []
    at = _after_blank(text, 0)
    while at < len(text):
        exact = _EXACT.match(text, at)
        row = _exact(exact) if exact else None
        if exact and row:
            end = exact.end()
        else:
            separator = _SEPARATOR.search(text, at)
            end = separator.start() if separator else len(text)
            row = _loose(text[at:end].strip())
        found.append(row)
        at = _after_blank(text, end)
    return found


def _after_blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _exact(found: re.Match[str]) -> dict[str, Any] | None:
    name = found["name"]
    if not name.startswith('"') and (_LOOSE_DATE.search(name) or _LOOSE_NUMBER.search(name)):
        return None
    expires = _date(found) if found["year"] else None
    if found["year"] and expires is None:
        return None
    return {"name": unquoted(name), "number": unquoted(found["number"] or ""), "expires": expires}


def _loose(piece: str) -> dict[str, Any]:
    expires: date | None = None
    number = ""
    name = piece
    if dated := _LOOSE_DATE.search(name):
        expires = _date(dated)
        if expires is not None:
            name = name[: dated.start()] + name[dated.end() :]
    if numbered := _LOOSE_NUMBER.search(name):
        number = numbered["number"]
        name = name[: numbered.start()] + name[numbered.end() :]
    bare = _EMPTY_BRACKETS.sub("", name).strip(" ,，:：")
    return {"name": bare or piece, "number": number, "expires": expires}


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(
            int(found["year"]), int(found["month"] or found["month8"]), int(found["day"] or found["day8"])
        )
    except ValueError:
        return None
