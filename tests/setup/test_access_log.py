"""gunicorn's log of requests, which passes Django's by, holds no link that opens anything (row 34)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import mail, signing
from django.test import Client
from gunicorn.config import Config
from gunicorn.glogging import Logger as Plain

from accounts.models import User
from accounts.roles import Role
from chainmatch.access_log import Logger
from chainmatch.demo import programs
from tests import factories

PROJECT = Path(__file__).parents[2]


def line(logger: type[Plain], path: str, query: str = "") -> str:
    """What gunicorn writes about a request in its usual format."""
    target = f"{path}?{query}" if query else path
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": target,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_REFERER": f"https://match.example.cn{target}",
    }
    response = SimpleNamespace(status="200 OK", sent=10, headers=[])
    atoms = logger(Config()).atoms(response, SimpleNamespace(headers=[]), environ, timedelta(seconds=1))
    return str(Config().access_log_format % atoms)


def reset_link() -> str:
    """The path of a link for a new password, from the e-mail."""
    person = factories.make_user(Role.MEMBER_FIRM)
    User.objects.filter(pk=person.pk).update(email="buyer@example.com")
    Client().post("/accounts/password/reset/", {"email": "buyer@example.com"})
    (found,) = re.findall(r"/accounts/password/reset/key/\S+?/", str(mail.outbox[-1].body))
    return str(found)


def test_links_of_e_mails_are_left_out(db: None) -> None:
    reset = reset_link()
    signed = signing.dumps([str(factories.make_user(Role.MEMBER_FIRM).pk), "asked"], salt="a link")
    for path, key in (
        (reset, reset.split("/")[-2]),
        (f"/join/confirm/{signed}/", signed),
        (f"/join/confirm/{signed.replace(':', '%3A')}/", signed.rsplit(":", 1)[1]),
    ):
        assert key in line(Plain, path)  # the control: gunicorn's own would write it
        assert key not in line(Logger, path)
        assert key not in line(Logger, "/", f"next={path}")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/demand-lines/0b4e1f6a-6f4a-4b0e-9a43-0f3f9d1c2b7a/",
        "/accounts/sessions/",
        "/static/matching/app-1234567-abc.js",
    ],
)
def test_other_addresses_are_told(path: str) -> None:
    assert f'"GET {path}?page=2 HTTP/1.1" 200' in line(Logger, path, "page=2")


def test_the_image_and_the_demo_log_with_it() -> None:
    wanted = f"{Logger.__module__}.{Logger.__name__}"
    assert f'"--logger-class", "{wanted}"' in (PROJECT / "Dockerfile").read_text()
    web = programs.web({}, host="127.0.0.1", port=8123, logs=Path("/data/logs"))
    assert web.arguments[web.arguments.index("--logger-class") + 1] == wanted
