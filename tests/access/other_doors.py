"""Routes that are neither operations of the API nor pages of a room, and what each part gets from them.

One row a route: its name, then what GET gives to nobody, to anybody signed in, to staff without rights and to
a superuser, and the same for POST with an empty form. One number stands for all four. The pages of the plain
admin follow from what a superuser may do with a model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.apps import apps

PARTS = ("nobody", "signed_in", "staff", "root")
IN = 302
"""To the page where people sign in, or away from a page that has nothing to do."""

NAMED = """
admin:index                            302 302 302 200 | 302 302 302 200
admin:login                            302 403 403 302 | 302 403 403 200
admin:logout                           302 302 302 405 | 302
admin:password_change                  302 302 302 200 | 302 302 302 200
admin:password_change_done             302 302 302 200 | 302 302 302 405
admin:autocomplete                     302 302 302 403 | 302 302 302 405
admin:jsi18n                           302 302 302 200 | 302 302 302 405
admin:view_on_site                     302 302 302 404 | 302 302 302 404
admin:app_list                         302 302 302 404 | 302 302 302 404
admin:*                                302 302 302 404 | 302 302 302 404
admin:auth_user_password_change        302 302 302 200 | 302 302 302 200

account_login                          200 302 302 302 | 200 302 302 302
account_logout                         302 200 200 200 | 302
account_inactive                       200             | 405
account_signup                         200 302 302 302 | 200 302 302 302
account_reauthenticate                 302 200 200 200 | 302 200 200 200
account_email                          302 200 200 200 | 302
account_email_verification_sent        200             | 405
account_change_password                302 200 200 200 | 302 200 200 200
account_set_password                   302             | 302
account_reset_password                 200             | 200
account_confirm_login_code             302             | 302
account_confirm_email                  200             | 404
account_reset_password_from_key_done   200             | 405
account_reset_password_from_key        200             | 200
account_reset_password_done            200             | 405

mfa_index                              302 200 200 200 | 302 405 405 405
mfa_authenticate                       302             | 302
mfa_reauthenticate                     302             | 302
mfa_activate_totp                      302             | 302
mfa_deactivate_totp                    302 404 404 404 | 302 404 404 404
mfa_view_recovery_codes                302 404 404 404 | 302 405 405 405
mfa_generate_recovery_codes            302             | 302
mfa_download_recovery_codes            302 404 404 404 | 302 404 404 404
mfa_list_webauthn                      302 200 200 200 | 302 405 405 405
mfa_add_webauthn                       302             | 302
mfa_reauthenticate_webauthn            302             | 302
mfa_remove_webauthn                    302             | 302
mfa_edit_webauthn                      302             | 302
mfa_login_webauthn                     302             | 302

socialaccount_login_cancelled          200             | 405
socialaccount_login_error              401             | 405
socialaccount_signup                   302             | 302
socialaccount_connections              302 200 200 200 | 302 200 200 200
accounts/social/login/cancelled/       301             | 301
accounts/social/login/error/           301             | 301
accounts/social/signup/                301             | 301
accounts/social/connections/           301             | 301
openid_connect_login                   404             | 404
openid_connect_callback                404             | 404

oauth2_provider:token                  405             | 400
oauth2_provider:revoke-token           405             | 400
oauth2_provider:oauth-server-metadata  200             | 405
schema                                 200             | 405
api_docs                               200             | 405
health                                 200             | 200
"""
ADDRESSES = """
/no-such-page/                         404             | 404
/api/v1/no-such-thing/                 404             | 404
/api/v1/                               404             | 404
/static/no-such-file.css               404             | 404
/static/%2e%2e/manage.py               404             | 404
/static/../manage.py                   404             | 404
/media/                                404             | 404
/.env                                  404             | 404
/.git/config                           404             | 404
/metrics                               404             | 404
/accounts/google/login/                404             | 404
/oauth/authorize/                      404             | 404
/oauth/applications/                   404             | 404
/oauth/introspect/                     404             | 404
"""
"""Addresses that no route leads to, among them those that libraries in use have and that are not offered."""

WRITTEN = (
    *("auth.group", "accounts.user", "accounts.organisation", "account.emailaddress"),
    *("socialaccount.socialaccount", "matching.chain", "matching.chainnode", "matching.glossaryentry"),
    *("matching.region", "matching.round", "matching.venue", "matching.meetingrule"),
)
"""Models that a superuser writes in the plain admin."""
READ = tuple(
    f"matching.{name}"
    for name in (
        *("webhookendpoint", "webhookdelivery", "demandline", "supplyline", "attachment", "signingmeeting"),
        *("appointment", "confirmation", "notice", "outboxmessage", "review", "policyversion"),
        *("policyproposal", "matchingrun", "shard", "match", "nearmiss", "exclusion", "award", "gap"),
        *("matchinglist", "invitation"),
    )
)
CLOSED = (
    "accounts.application",
    *(f"oauth2_provider.{name}" for name in ("accesstoken", "grant", "idtoken", "refreshtoken")),
)
"""Models of libraries whose pages nobody opens: tokens are made and ended elsewhere."""


PAGES = ("changelist", "add", "change", "delete", "history", "*")
WRITES = dict.fromkeys(PAGES, (200, 200))
READS = {"changelist": (200, 200), "change": (200, 403), "history": (200, 200)}
ABSENT = "1"


@dataclass(frozen=True)
class Door:
    """What GET and POST give to each of ``PARTS``; ``pk`` fills the address."""

    get: tuple[int, ...]
    post: tuple[int, ...]
    pk: str = ABSENT

    def status(self, method: str, part: str) -> int:
        """What that part gets."""
        return (self.get if method == "get" else self.post)[PARTS.index(part)]


def named() -> dict[str, Door]:
    """Routes by name, those without one by their pattern."""
    person = apps.get_model("accounts.User")._base_manager.first()
    found = dict(_read(NAMED))
    password = "admin:auth_user_password_change"
    return found if person is None else {**found, password: replace(found[password], pk=str(person.pk))}


def addresses() -> dict[str, Door]:
    """Addresses that lead nowhere."""
    return dict(_read(ADDRESSES))


def _read(text: str) -> Iterator[tuple[str, Door]]:
    for line in filter(None, text.splitlines()):
        gets, posts = line.split("|")
        name, *numbers = gets.split()
        yield name, Door(_four(numbers), _four(posts.split()))


def _four(numbers: list[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in (numbers * 4 if len(numbers) == 1 else numbers))


def of_admin() -> Iterator[tuple[str, Door]]:
    """The plain admin's pages of every declared model, with one of its rows where there is any."""
    for labels, opened in ((WRITTEN, WRITES), (READ, READS), (CLOSED, {})):
        for label in labels:
            row = apps.get_model(label)._base_manager.first()
            for page in PAGES:
                name = f"admin:{label.replace('.', '_')}_{page}"
                yield name, _page(page, opened.get(page, (403, 403)), None if row is None else str(row.pk))


def _page(page: str, root: tuple[int, int], pk: str | None) -> Door:
    """Whoever may open a page of a row that is not there is led away; its history and ``*`` lead on."""
    if page == "*" or (page == "history" and pk is None):
        return Door((IN,) * 4, (IN,) * 4, pk or ABSENT)
    if pk is None and page in ("change", "delete"):
        root = (IN if root[0] == 200 else root[0], IN if root[1] == 200 else root[1])
    return Door((IN, IN, IN, root[0]), (IN, IN, IN, root[1]), pk or ABSENT)
