"""Settings of all environments; what differs comes from ``config.environment``."""

from __future__ import annotations

import csv
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config.environment import read_environment
from config.public_urls import PUBLIC_URLS  # noqa: F401 - read by basins.web.public

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
ENV = read_environment()

SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = ENV.secret_key_fallbacks
DEBUG = ENV.app_env == "dev"
ALLOWED_HOSTS = ENV.allowed_hosts
if not ENV.is_production:
    # The real domains can be tried on one's own machine: curl -H "Host: bassin-sud.brussels" localhost:8000
    with (BASE_DIR / "basins" / "facts" / "site_hosts.csv").open(encoding="utf-8", newline="") as _hosts:
        ALLOWED_HOSTS = [*ALLOWED_HOSTS, *(row["host"] for row in csv.DictReader(_hosts))]
SITE_URL = ENV.site_url
IS_DEMO = ENV.is_demo

# --- Applications: floors from top to bottom; a further mission is one more line ------------------
MISSIONS = ["concertations", "opendoors", "helpdesk", "directory"]
INSTALLED_APPS = [
    *MISSIONS,
    "basins",
    "core",
    "modeltranslation",
    "config.backoffice.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "corsheaders",
    "django_htmx",
]
if not ENV.is_production:
    INSTALLED_APPS.append("config.demo")  # its command and style sheet; its pages: see config.urls

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.PlainInputMiddleware",
    "basins.web.middleware.SiteHostMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "basins.web.middleware.MixedLanguagesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "basins.web.middleware.ClosedByDefaultMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.ReadOnlyGetMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "basins.web.context.site",
            ],
        },
    }
]

# --- Database, cache, jobs -----------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": environ.Env.db_url_config(ENV.database_url)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
if ENV.app_env in {"production", "demo"}:
    # Threads of one process share a few open connections instead of opening one per request.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 16, "timeout": 10}
FORM_RENDERER = "core.widgets.PlainRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Rendered fragments live next to the process that made them: no network, nothing shared to go stale
    # beyond the version that is part of every key.
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
    # Counters that all processes share; a Redis that is down must never refuse a visitor.
    "shared": {"BACKEND": "core.cache.ForgivingRedisCache", "LOCATION": ENV.redis_url},
}

CELERY_BROKER_URL = (
    ENV.redis_url.replace("unix://", "redis+socket://", 1) if ENV.redis_url.startswith("unix://") else ENV.redis_url
)
CELERY_TIMEZONE = "Europe/Brussels"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request that wants to wake the worker gives up at once when the broker is down: the rows are in
# the database and the clock's sweep finds them.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "visibility_timeout": 3600}
# What runs when stands in each app's tasks.py, see config.celery.

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "basins.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("my_space")
LOGOUT_REDIRECT_URL = reverse_lazy("home")
ACCOUNT_ADAPTER = "basins.web.accounts.AccountAdapter"
MFA_ADAPTER = "basins.web.accounts.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the mailed code is the proof of the address
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_FORMS = {
    "request_login_code": "basins.web.accounts.RequestCodeForm",
    "confirm_login_code": "basins.web.accounts.ConfirmCodeForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an account that was closed gets no mail and no explanation
# Per address typed in and per computer that asks; counted in the shared cache (`basins.apps`).
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/5m/key,20/d/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(ENV.trusted_proxy)
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "basins.web.second_factor.SetUpForm",
    "authenticate": "basins.web.accounts.SecondFactorForm",
    "reauthenticate": "basins.web.accounts.SecondFactorAgainForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "Bassins · Zorgzones"
MFA_TOTP_TOLERANCE = 1  # a code read just before its half minute ends, or a clock a little off (RFC 6238, section 5.2)
SESSION_COOKIE_AGE = 14 * 24 * 3600
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

# --- How long what is kept --- the pages on privacy promise it; `manage.py forget_expired` says what is due
RETENTION_MONTHS = {
    "registrations": 12,
    "helpdesk": 12,
    "accounts": 24,
    "mail": 12,
    "job_files": 1,
    "webhooks": 1,
    "directory_contacts": 24,
    "directory_kept": 24,
}

# --- Directory: after how many days what was said of places and waiting time no longer counts ----
DIRECTORY_CAPACITY_DAYS = 42

# --- Street map: where its pictures come from, and whose they are; see core.tiles ----------------
TILES_URL = ENV.tiles_url
TILES_ATTRIBUTION = ENV.tiles_attribution

# --- Webhooks: only the public internet is called; the demo may call a program on its own machine, without TLS
WEBHOOKS_TO_THIS_MACHINE = ENV.app_env in {"demo", "dev"}

# --- Languages and time --------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("nl", _("Dutch"))]
MODELTRANSLATION_DEFAULT_LANGUAGE = "fr"
MODELTRANSLATION_FALLBACK_LANGUAGES = ()  # a missing translation is shown as missing, see core.bilingual
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
# Of django-leaflet the files alone are used. It is found, not imported: its code asks for GDAL.
_leaflet = find_spec("leaflet")
STATICFILES_DIRS = [
    ("leaflet", Path(folder) / "static" / "leaflet")
    for folder in (_leaflet.submodule_search_locations if _leaflet else None) or ()
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Files of jobs are handed out by a view that asks who reads; they have no public address.
        "OPTIONS": {"location": ENV.private_files or LOCAL_DIR / "files", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": (
            "core.static_files.KeptManifestStorage"
            if ENV.app_env in {"production", "demo"}
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = ENV.app_env in {"dev", "test"}
WHITENOISE_AUTOREFRESH = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Mail ----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = ENV.mail_from
SERVER_EMAIL = ENV.mail_from
vars().update(environ.Env.email_url_config(ENV.email_url))
EMAIL_TIMEOUT = 20
if ENV.email_url.startswith("filemail"):
    EMAIL_FILE_PATH = str(LOCAL_DIR / "mails")

# What comes in: fetched from mailboxes, or handed in by a signed call; see docs/decisions/inbound-mail.md.
INBOUND_MAILBOXES = ENV.inbound_mailboxes
INBOUND_WEBHOOK_SECRETS = ENV.inbound_webhook_secrets
INBOUND_PLUS_ADDRESSES = ENV.inbound_plus_addresses
INBOUND_MAIL_RECEIVER = "helpdesk.rules.receiving.receive"

# --- Security ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"  # signed links must not leak
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "core.errors_web.csrf_failure"
if ENV.is_production:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if ENV.trusted_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Reads of the API are public; no cookie and no key goes along, so any site's script may read them.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "accept-language", "if-none-match", "content-type"]
CORS_EXPOSE_HEADERS = ["etag", "link", "retry-after", "ratelimit", "ratelimit-policy"]
CORS_ALLOW_CREDENTIALS = False

# --- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["basins.partners.PartnerKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.ReadThrottle", "core.api.throttling.WriteThrottle"],
    "DEFAULT_THROTTLE_RATES": {"read": "600/min", "write": "60/min"},
    "EXCEPTION_HANDLER": "core.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Brussels care basins",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # what a PATCH cannot do without is required: visits are replaced as a whole
    "POSTPROCESSING_HOOKS": [],  # choices stay where they are used: no list of names to keep for each mission
}

# --- Logs ----------------------------------------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "core.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    "loggers": {"weasyprint": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}},
}
