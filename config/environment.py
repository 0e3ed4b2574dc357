"""The settings an operator gives, read once from the environment, typed and checked.

``APP_ENV`` says where we run: ``production`` (the default, so that a forgotten variable never
opens a door), ``demo``, ``dev`` or ``test``. Outside production every value has a default except
the two addresses, which the launcher of the demo and of the tests supplies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

import environ
from django.core.exceptions import ImproperlyConfigured

from core.inbound_settings import Mailbox, key_of, mailbox_of

AppEnv = Literal["production", "demo", "dev", "test"]
TILES = re.compile(r"(https?)://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[^\s{}]*(\{[zxy]\}[^\s{}]*){3}")
INSECURE_KEY = "not-a-secret-outside-production-0123456789-abcdefghijklmnop"


@dataclass(frozen=True, slots=True)
class Environment:
    """What the operator decided. Addresses are URLs, durations are seconds."""

    app_env: AppEnv
    secret_key: str
    secret_key_fallbacks: list[str]
    allowed_hosts: list[str]
    database_url: str
    redis_url: str
    email_url: str
    mail_from: str
    site_url: str
    private_files: str
    trusted_proxy: bool
    log_level: str
    unconfirmed_seats_per_hour: int
    tiles_url: str
    tiles_attribution: str
    inbound_mailboxes: list[Mailbox]
    inbound_webhook_secrets: list[str]
    inbound_plus_addresses: bool

    @property
    def is_production(self) -> bool:
        return self.app_env == "production"

    @property
    def is_demo(self) -> bool:
        return self.app_env == "demo"


def read_environment(values: dict[str, str] | None = None) -> Environment:
    """Read the environment (or ``values``).

    Raises ``ImproperlyConfigured`` with one sentence per missing or wrong variable, all at once:
    an operator should not have to start five times to learn of five mistakes.
    """
    env = environ.Env()
    if values is not None:
        env.ENVIRON = values
    problems: list[str] = []
    app_env = env.str("APP_ENV", default="production")
    if app_env not in get_args(AppEnv):
        problems.append(f"APP_ENV is '{app_env}': set it to one of {', '.join(get_args(AppEnv))}.")
    production = app_env not in {"demo", "dev", "test"}

    def required(name: str, hint: str, default: str = "") -> str:
        value = str(env.str(name, default="" if production else default)).strip()
        if not value:
            problems.append(f"{name} is not set: {hint}")
        return value

    secret_key = required(
        "SECRET_KEY",
        "50 random characters or more, e.g. from `python -c 'import secrets; print(secrets.token_urlsafe(50))'`.",
        INSECURE_KEY,
    )
    if production and secret_key and (secret_key == INSECURE_KEY or len(secret_key) < 50):
        problems.append("SECRET_KEY is too weak: use 50 random characters or more.")
    hosts = required(
        "ALLOWED_HOSTS",
        "the host names the sites answer to, separated by commas, e.g. bassin-sud.brussels,zorgzone-zuid.brussels.",
        "localhost,127.0.0.1,[::1],testserver",
    )
    database_url = required("DATABASE_URL", "e.g. postgresql://user:password@host:5432/name.")
    if database_url and not database_url.startswith(("postgres://", "postgresql://")):
        problems.append("DATABASE_URL must start with postgresql:// (one dialect only).")
    redis_url = required("REDIS_URL", "e.g. redis://host:6379/0 or unix:///path/to/redis.sock.")
    if redis_url and not redis_url.startswith(("redis://", "rediss://", "unix://")):
        problems.append("REDIS_URL must start with redis://, rediss:// or unix://.")
    email_url = required("EMAIL_URL", "e.g. smtp+tls://user:password@host:587.", "filemail:///.local/mails")
    site_url = required(
        "SITE_URL", "the address mails link to, e.g. https://bassins.brussels.", "http://localhost:8000"
    )
    unconfirmed = str(env.str("UNCONFIRMED_SEATS_PER_HOUR", default="200")).strip()
    if not (unconfirmed.isascii() and unconfirmed.isdigit()):
        problems.append("UNCONFIRMED_SEATS_PER_HOUR must be a number of seats, or 0 for no limit.")
    tiles_url, tiles_attribution = (
        str(env.str(name, default="")).strip() for name in ("TILES_URL", "TILES_ATTRIBUTION")
    )
    problems += _problems_of_tiles(tiles_url, tiles_attribution, production=production)
    mailboxes = _mailboxes(str(env.str("INBOUND_MAILBOXES", default="")), problems)
    secrets = _secrets(str(env.str("INBOUND_WEBHOOK_SECRETS", default="")), problems)
    if problems:
        raise ImproperlyConfigured("The settings are not complete.\n- " + "\n- ".join(problems))
    return Environment(
        app_env=app_env,
        secret_key=secret_key,
        secret_key_fallbacks=env.list("SECRET_KEY_FALLBACKS", default=[]),
        allowed_hosts=[host.strip() for host in hosts.split(",") if host.strip()],
        database_url=database_url,
        redis_url=redis_url,
        email_url=email_url,
        mail_from=env.str("MAIL_FROM", default="Bassins · Zorgzones <noreply@localhost>"),
        site_url=site_url.rstrip("/"),
        private_files=env.str("PRIVATE_FILES", default=""),
        trusted_proxy=env.bool("TRUSTED_PROXY", default=False),
        log_level=env.str("LOG_LEVEL", default="INFO"),
        unconfirmed_seats_per_hour=int(unconfirmed),
        tiles_url=tiles_url,
        tiles_attribution=tiles_attribution,
        inbound_mailboxes=mailboxes,
        inbound_webhook_secrets=secrets,
        inbound_plus_addresses=env.bool("INBOUND_PLUS_ADDRESSES", default=True),
    )


def _problems_of_tiles(url: str, attribution: str, *, production: bool) -> list[str]:
    """The street map is there with both or with neither: whoever gives the pictures wants to be named."""
    if not url and not attribution:
        return []
    if not attribution:
        return ["TILES_ATTRIBUTION is not set: with TILES_URL, say whose map it is, e.g. © OpenStreetMap contributors."]
    if not url:
        return ["TILES_URL is not set: it goes with TILES_ATTRIBUTION; leave out both for no street map."]
    found = TILES.fullmatch(url)
    if found is None or any(place not in url for place in ("{z}", "{x}", "{y}")):
        return ["TILES_URL must be one address with {z}, {x} and {y}, e.g. https://tiles.example/{z}/{x}/{y}.png."]
    if production and found[1] != "https":
        return ["TILES_URL must start with https://: browsers refuse other pictures on our pages."]
    return []


def _mailboxes(value: str, problems: list[str]) -> list[Mailbox]:
    """The mailboxes between white space; each that is wrong is a problem, told without its password."""
    found = []
    for entry in value.split():
        try:
            found.append(mailbox_of(entry))
        except ValueError as error:
            problems.append(f"INBOUND_MAILBOXES: {error}.")
    return found


def _secrets(value: str, problems: list[str]) -> list[str]:
    """The secrets between white space; none of them is repeated in a problem."""
    for secret in value.split():
        try:
            key_of(secret)
        except ValueError:
            problems.append("INBOUND_WEBHOOK_SECRETS: each is whsec_ and 24 random bytes or more in base64.")
    return value.split()
