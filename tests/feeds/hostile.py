"""Addresses that somebody may enter to reach what only this machine can reach."""

from __future__ import annotations

LOCAL = "127.0.0.1"
PUBLIC = "93.184.216.34"

LITERAL = (
    *("127.0.0.1", "127.0.0.2", "127.1", "0", "0.0.0.0", "10.0.0.1", "172.16.3.4", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
    *("198.18.0.1", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.2.1"),
    *("2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.0.1", "0xa9fea9fe"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),
    *(
        "[64:ff9b:1::a00:1]",
        "[2002:7f00:1::]",
        "[2002:a9fe:a9fe::1]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    ),
    *("[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[fec0::1]", "[::ffff:0:127.0.0.1]"),
    *("[2001:db8::1]", "[fe80::1%25lo]", "localhost", "localhost.", "LOCALHOST"),
    *("127。0。0。1", "127．0．0．1", "①②⑦.⓪.⓪.①", "127.0.0.1.", "ⓛocalhost", "%31%32%37.0.0.1"),
)
"""Hosts as they are typed."""

ADDRESSES = (
    *(f"https://{host}/hook" for host in LITERAL),
    *("http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL"),
    *("https://user:pass@example.com/", "https://user@example.com/", "https://example.com@127.0.0.1/"),
    *("https://example.com:22/", "https://example.com:6379/", "https://example.com:0/", "https://:443/"),
    *(
        "https://example.com\\@127.0.0.1/",
        "https://exam ple.com/",
        "https://example.com/\r\nX: y",
        "https://",
    ),
    *("//example.com/", "https:example.com", "javascript:alert(1)", "https://[::1", "https://example.com/#x"),
    *("https://example.com:99999/", "https://exa\tmple.com/", "https://a..b/", "https://-a.example.com/"),
)
"""Whole addresses."""

RESOLVED = {
    "private.example.com": ["10.1.2.3"],
    "loopback.example.com": [LOCAL],
    "metadata.example.com": ["169.254.169.254"],
    "mapped.example.com": ["::ffff:127.0.0.1"],
    "nat64.example.com": ["64:ff9b::a9fe:a9fe"],
    "mixed.example.com": [PUBLIC, LOCAL],
    "mixed6.example.com": [PUBLIC, "::1"],
    "nothing.example.com": [],
    "nonsense.example.com": ["not-an-address"],
}
"""What names that look harmless lead to."""
