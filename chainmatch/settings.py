"""Django settings, driven by the environment variables of ``env.py``."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import bootstrap
import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from accounts.security import profiles
from chainmatch import env
from chainmatch.enums import ENUM_NAMES
from chainmatch.schedule import BEAT_SCHEDULE
from chainmatch.scopes import OAUTH_BEST_PRACTICE, OAUTH_TABLES, SCOPES_OF_OPERATIONS

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = env.read(BASE_DIR)
# numba reads it when it is first imported; beside the source and at home it may not be allowed to write.
os.environ.setdefault("NUMBA_CACHE_DIR", str(ENV.kernels_dir))

MODE = ENV.mode
PRODUCTION = MODE == "production"
SECRET_KEY = ENV.secret_key
FIELD_KEYS = ENV.field_keys
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.csrf_trusted_origins

INSTALLED_APPS = [
    # First, so that their templates come before those of allauth and Django.
    "accounts",
    "matching",
    "accounts.security.admin_config.Config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "oauth2_provider",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "csp",
    "django_htmx",
    "template_partials",
    "crispy_forms",
    "crispy_bootstrap5",
    "pgtrigger",
    "chainmatch.sample",
]

MIDDLEWARE = [
    # First, so that whatever anything below writes or logs is known to belong to this request.
    "accounts.audit.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.CompressedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.security.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.security.middleware.SessionLimitsMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "matching.disclosure.middleware.DisclosureMiddleware",
    "matching.http.unreadable.UnreadableMiddleware",
]

ROOT_URLCONF = "chainmatch.urls"
WSGI_APPLICATION = "chainmatch.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.roles",
            ],
        },
    },
]

DATABASE_APP_ROLE = ENV.app_role
DATABASES = {"default": {**ENV.database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What sign-in limits is counted in PostgreSQL: for all processes together, and while the broker is down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

SECURITY_PROFILE = profiles.chosen(ENV.security_profile, ENV.second_factor, ENV.idle_days)
TRUSTED_PROXIES = ENV.trusted_proxies
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.security.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if MODE == "test":  # Argon2 is slow by design; only its own test wants it
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = profiles.password_validators(SECURITY_PROFILE)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# What allauth limits already keeps its limits; a sign-up counts where its form was right.
ACCOUNT_RATE_LIMITS = {"join": "10/h/ip"}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_ADAPTER = "accounts.security.mfa.MfaAdapter"
MFA_FORMS = {
    "authenticate": "accounts.security.forms.CodeForm",
    "reauthenticate": "accounts.security.forms.CodeAgainForm",
    "add_webauthn": "accounts.security.forms.PasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "ChainMatch"
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey signs in without a password, so the device must have checked who holds it.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SOCIALACCOUNT_ADAPTER = "accounts.security.oidc.OfficeAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if ENV.oidc is not None:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "office",
            "name": ENV.oidc.name,
            "client_id": ENV.oidc.client_id,
            "secret": ENV.oidc.client_secret,
            "settings": {"server_url": ENV.oidc.issuer},
        }
    ]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "matching" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = ENV.data_dir / "static"
STATICFILES_DIRS = [
    ("bootstrap", Path(bootstrap.__file__).parent if bootstrap.__file__ else bootstrap.__path__[0])
]
# Only this file of panel's wheel is used: its own libraries are not installed, so it can't be imported.
if (charts := find_spec("panel")) and charts.submodule_search_locations:
    bundled = Path(charts.submodule_search_locations[0]) / "dist/bundled/echarts"
    STATICFILES_DIRS.append(("echarts", bundled / "echarts@6.0.0/dist"))
MEDIA_ROOT = ENV.data_dir / "media"
# Several machines share both: name a storage that all of them reach.
STORAGES = {
    "default": {"BACKEND": "accounts.sealing.files.SealedFileSystemStorage"},
    "artefacts": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENV.data_dir / "artefacts"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
ARTEFACT_SCRATCH = ENV.data_dir / "artefacts" / "scratch"
WHITENOISE_USE_FINDERS = not PRODUCTION

EMAIL_BACKEND = ENV.email["EMAIL_BACKEND"]
if PRODUCTION and EMAIL_BACKEND == "django.core.mail.backends.console.EmailBackend":
    EMAIL_BACKEND = "accounts.security.mail.Unsent"
EMAIL_FILE_PATH = ENV.email["EMAIL_FILE_PATH"]
EMAIL_HOST = ENV.email["EMAIL_HOST"]
EMAIL_PORT = ENV.email["EMAIL_PORT"]
EMAIL_HOST_USER = ENV.email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = ENV.email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = ENV.email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = ENV.email.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = ENV.default_from_email
SITE_URL = ENV.site_url

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Browsers hold the redirect that answers a form against this as well.
        "form-action": [SELF, *([ENV.oidc.origin] if ENV.oidc else [])],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.security.sessions"
SESSION_COOKIE_AGE = SECURITY_PROFILE.longest_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Browsers take such a cookie from this very host over TLS only.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    # Whether browsers are told for ever that the whole domain speaks TLS is for its owner to say.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.permissions.HasScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["matching.http.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "matching.http.pages.Pages",
    "DEFAULT_FILTER_BACKENDS": ["matching.http.filters.StrictFilters"],
    "DEFAULT_SCHEMA_CLASS": "matching.http.schema.ProblemSchema",
    "EXCEPTION_HANDLER": "matching.http.problems.problem_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "NUM_PROXIES": ENV.trusted_proxies,
}
# "required": objects are overwritten by who names the ETag that was read.
API_IF_MATCH = ENV.api_if_match
API_LIMIT_CREDENTIAL = ENV.api_limit_credential
API_LIMIT_ADDRESS = ENV.api_limit_address
API_IDEMPOTENCY_WAIT = 10.0
API_IDEMPOTENCY_KEEP_HOURS = 48
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_FORMATTER_CLASS": "matching.http.problems.ProblemFormatter"}
TOKEN_DAYS = 90
TOKEN_MOST_DAYS = ENV.token_most_days
API_SCOPES = SCOPES_OF_OPERATIONS
OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.Application"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "accounts.credentials.oauth.Validator",
    "SCOPES_BACKEND_CLASS": "accounts.credentials.oauth.Scopes",
    "ACCESS_TOKEN_GENERATOR": "accounts.credentials.oauth.access_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["client_credentials"],
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": [],
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    **{f"COMPLIANT_BCP_RFC9700_{rule}": True for rule in OAUTH_BEST_PRACTICE},
    **{f"{kind}_ADMIN_CLASS": "accounts.credentials.admin.Closed" for kind in OAUTH_TABLES},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ChainMatch API",
    "DESCRIPTION": "Demand, supply and matching lists and signing meetings of a chain-leader programme.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVERS": [{"url": "/", "description": "This server"}],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "matching.http.examples.add_examples",
        "matching.http.headers.add_components",
    ],
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

CELERY_BROKER_URL = ENV.redis_url
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": max(ENV.lease_seconds * 2, 60)}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# 0 is served first. A run's shards keep workers busy for minutes; what people wait for passes them.
CELERY_TASK_ROUTES = {"runs.run_shard": {"priority": 6}}
CELERY_TIMEZONE = TIME_ZONE
CELERY_INCLUDE = [
    "accounts.audit.tasks",
    "accounts.security.tasks",
    "matching.http.tasks",
    "accounts.credentials.tasks",
    "matching.notices.tasks",
    "matching.disclosure.tasks",
    "matching.joining.tasks",
    "matching.people.tasks",
    "matching.lists.tasks",
    "matching.uploads.tasks",
    "matching.runs.tasks",
    "matching.meetings.tasks",
    "matching.invitations.tasks",
    "matching.agreements.tasks",
    "matching.papers.tasks",
    "matching.feeds.tasks",
]
# What rooms erase beside the account when a person asks for it (``accounts.personal``).
PERSONAL_ERASERS = (
    "matching.people.erasure.erase",
    "matching.joining.erasure.erase",
    "matching.lists.erasure.erase",
    "matching.review.erasure.erase",
    "matching.invitations.erasure.erase",
)
# What letters carry beside the words of a notice, by the first word of ``Notice.enclosed``.
NOTICE_ENCLOSERS = {"invitation": "matching.invitations.letters.enclose"}
# Days that what people no longer need is kept; sweeps look once a day.
RETENTION_DAYS = ENV.retention_days
CELERY_BEAT_SCHEDULE = dict(BEAT_SCHEDULE)

LEASE_SECONDS = ENV.lease_seconds
SHARD_SIZE = ENV.shard_size
UPLOAD_MAX_BYTES = 20 * 2**20
UPLOAD_KEEP_DAYS = ENV.upload_keep_days
PAPER_FONTS = ENV.paper_fonts
UPLOAD_SCAN_COMMAND = ENV.upload_scan_command
UPLOAD_SCAN_SECONDS = ENV.upload_scan_seconds
OCDS_PREFIX = ENV.ocds_prefix
OCDS_PUBLISHER = ENV.ocds_publisher
AUDIT_KEEP_DAYS = ENV.audit_keep_days
WEBHOOK_PORTS = ENV.webhook_ports
WEBHOOK_LISTED_ORIGINS = ENV.webhook_listed_origins
WEBHOOK_KEEP_DAYS = ENV.webhook_keep_days
SEMANTIC = {"model": ENV.semantic_model, "url": ENV.semantic_url, "key": ENV.semantic_key}
if ENV.semantic_model:
    CELERY_BEAT_SCHEDULE["learn-meanings"] = {"task": "runs.learn_meanings", "schedule": 300.0}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "accounts.audit.context.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "accounts.credentials.scrubbing.Formatter",
            "fmt": "%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
