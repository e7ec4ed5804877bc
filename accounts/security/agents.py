"""Which browser on which system a ``User-Agent`` header names: for people to know their own devices again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise

# The first that is found counts: browsers also name those that they are built on or stand in for.
_BROWSERS: tuple[tuple[StrOrPromise, str], ...] = (
    (_lazy("WeCom"), r"wxwork/"),
    (_lazy("WeChat"), r"MicroMessenger/|MMWEBSDK/"),
    (_lazy("DingTalk"), r"DingTalk"),
    (_lazy("QQ Browser"), r"QQBrowser/"),
    (_lazy("UC Browser"), r"UC?Browser/"),
    (_lazy("HUAWEI Browser"), r"HuaweiBrowser/|ArkWeb/"),
    (_lazy("360 Browser"), r"QIHU|360SE|360EE"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Version/[\d.]+ .*Safari/"),
    ("Internet Explorer", r"MSIE |Trident/"),
)
_SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPadOS", r"iPad"),
    ("iOS", r"iPhone"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


def in_words(agent: str) -> str:
    """As "Edge on Windows", in the reader's language; what is not known stays as it was sent."""
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or agent


def _first(known: Iterable[tuple[StrOrPromise, str]], agent: str) -> str:
    return next((str(name) for name, pattern in known if re.search(pattern, agent)), "")
