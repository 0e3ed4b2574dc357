"""Signing in in tests: quickly, or the way people do it."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail as sent
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from basins.models import User
from core.mail import deliver_due

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def at(name: str, language: str = "fr", **kwargs: object) -> str:
    """The address of a page in a language: its words are translated, too."""
    with override(language):
        return reverse(name, kwargs=kwargs)


def in_french(sentence: object) -> str:
    """A sentence as the French pages say it."""
    with override("fr"):
        return str(sentence)


def app_code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What an authenticator app shows; ``steps`` half minutes from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def give_factor(user: User) -> Authenticator:
    factor: Authenticator = TOTP.activate(user, SECRET).instance
    return factor


def sign_in(client: Client, user: User) -> Client:
    """A session of the first factor alone."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def staff_session(client: Client, user: User) -> Client:
    """A session that used the second factor."""
    factor = Authenticator.objects.filter(user=user, type="totp").first() or give_factor(user)
    sign_in(client, user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "id": factor.pk, "type": "totp"}]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()
    return client


def mailed_code() -> str:
    """Deliver what waits and read the code in the newest mail."""
    deliver_due()
    found = re.search(r"\b(\d{4}-\d{4})\b", str(sent.outbox[-1].body))
    assert found is not None
    return found[1]


def listed(answer: Any) -> list[str]:
    """The rows of a list of the back office."""
    return sorted(str(row) for row in answer.context["cl"].result_list)
