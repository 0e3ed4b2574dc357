"""The settings an operator gives, read once from the environment, typed and checked.

``APP_ENV`` says where we run: ``production`` (the default, so that a forgotten variable never
opens a door), ``demo``, ``dev`` or ``test``. Outside production every value has a default except
the two addresses, which the launcher of the demo and of the tests supplies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import environ
from django.core.exceptions import ImproperlyConfigured

AppEnv = Literal["production", "demo", "dev", "test"]
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
    )
