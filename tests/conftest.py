"""What all tests share: the fixed cast, a clean cache, and nothing that leaves the machine."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import pytest_django
from django.core.cache import caches
from django.db import connections
from django.test import Client
from django.utils import translation

from basins.models import PartnerKey, User
from basins.reference import load_reference_data
from basins.rights import Role
from concertations.reference import load_themes
from directory.reference import load_taxonomies
from tests import reference_rows
from tests.factories import UserFactory, basin, grant

FARID_PLAIN_KEY = "bz_farid_0123456789_0123456789_0123456789"


def pytest_configure(config: pytest.Config) -> None:
    """The same examples each time, so that a green suite stays green; others with ``--hypothesis-profile=default``.

    A checkout that was never started has no folder for static files yet, and WhiteNoise would warn.
    """
    from django.conf import settings

    if not config.getoption("--hypothesis-profile"):
        hypothesis.settings.register_profile("suite", derandomize=True)
        hypothesis.settings.load_profile("suite")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.DATABASES["default"]["ENGINE"] = "tests.quick_flush"
    with contextlib.suppress(AttributeError):
        del connections["default"]  # an app may have asked for it already; it is made again


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix() -> None:
    """Each developer (``TEST_DB_SUFFIX``) and each worker process has its own database."""
    from django.conf import settings

    suffix = "_".join(filter(None, [os.environ.get("TEST_DB_SUFFIX"), os.environ.get("PYTEST_XDIST_WORKER")]))
    if suffix:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_bassins_{suffix}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """See above; pytest-django's own fixture would only add the worker's name."""


@pytest.fixture(autouse=True)
def _fresh_caches(settings: Any) -> None:
    """Nothing kept from another test; in Redis by a name of one's own, because several run at once."""
    caches["default"].clear()
    settings.CACHES = {**settings.CACHES, "shared": {**settings.CACHES["shared"], "KEY_PREFIX": uuid4().hex}}


@pytest.fixture(autouse=True)
def _first_language(settings: Any) -> None:
    """A request of another test leaves its language behind."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _mail_stays_here(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(scope="session")
def _first_rows(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """Territory, taxonomies, themes; a database that was kept since an earlier run may have been emptied."""
    with django_db_blocker.unblock():
        load_reference_data()
        load_taxonomies()
        load_themes()
        reference_rows.copy()


@pytest.fixture(autouse=True)
def _territory(request: pytest.FixtureRequest) -> None:
    """Before a test with real transactions, at whose end all tables are emptied, what they began with is copied."""
    marker = request.node.get_closest_marker("django_db")
    is_real = marker is not None and marker.kwargs.get("transaction")
    if is_real or "transactional_db" in request.fixturenames:
        request.getfixturevalue("_first_rows")


# --- The cast: the same seven people in every test -----------------------------------------------


@pytest.fixture
def alice(db: None) -> User:
    """Coordinator of Sud-Est."""
    user = UserFactory(email="alice@example.org", name="Alice")
    grant(user, Role.COORDINATOR, "sud-est")
    return user


@pytest.fixture
def bram(db: None) -> User:
    """Team member of Noord, who also takes the helpdesk's calls; reads Dutch."""
    user = UserFactory(email="bram@example.org", name="Bram", language="nl")
    grant(user, Role.TEAM_MEMBER, "nord")
    grant(user, Role.HELPDESK_AGENT, "nord")
    return user


@pytest.fixture
def chantal(db: None) -> User:
    """Contact of a host."""
    return UserFactory(email="chantal@example.org", name="Chantal")


@pytest.fixture
def daan(db: None) -> User:
    """A visitor; reads Dutch."""
    return UserFactory(email="daan@example.org", name="Daan", language="nl")


@pytest.fixture
def eva(db: None) -> User:
    """Member of the council."""
    return UserFactory(email="eva@example.org", name="Eva")


@pytest.fixture
def farid(db: None) -> PartnerKey:
    """The key of a partner's developer: may book in Sud-Est."""
    from hashlib import sha256

    key = PartnerKey.objects.create(
        name="Farid",
        contact_email="farid@example.org",
        prefix=FARID_PLAIN_KEY[:12],
        digest=sha256(FARID_PLAIN_KEY.encode()).hexdigest(),
        scopes=["opendoors:book"],
    )
    key.basins.add(basin("sud-est"))
    return key


@pytest.fixture
def greet(client: Client) -> Client:
    """A stranger's browser."""
    return client
