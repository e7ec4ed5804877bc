"""What a browser says of itself, told in words."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from accounts.security.agents import in_words

CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko)"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "zh", "en"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Chrome/142.0.0.0 Safari/537.36",
            "Windows 上的 Chrome",
            "Chrome on Windows",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Chrome/142.0.0.0 Safari/537.36 Edg/142.0",
            "Windows 上的 Edge",
            "Edge on Windows",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Version/18.4 Safari/605.1.15",
            "macOS 上的 Safari",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Linux 上的 Firefox",
            "Firefox on Linux",
        ),
        (
            # As long as it is kept: WeChat's own name comes after the 200th character.
            f"Mozilla/5.0 (Linux; Android 13; V2196A Build/TP1A.220624.014; wv) {CHROMIUM} Version/4.0 "
            "Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160117 MMWEBSDK/20240301 MMWEBID/9453 M",
            "Android 上的 微信",
            "WeChat on Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {SAFARI} Mobile/15E148 MicroMessenger/8",
            "iOS 上的 微信",
            "WeChat on iOS",
        ),
        (
            f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {CHROMIUM} Chrome/114.0 Safari/537.36 ArkWeb/4.1 Mobile",
            "HarmonyOS 上的 华为浏览器",
            "HUAWEI Browser on HarmonyOS",
        ),
        ("curl/8.5.0", "curl/8.5.0", "curl/8.5.0"),
        ("", "", ""),
    ],
)
def test_a_browser_is_told_in_words(agent: str, zh: str, en: str) -> None:
    with override("zh-hans"):
        assert in_words(agent) == zh
    with override("en"):
        assert in_words(agent) == en
