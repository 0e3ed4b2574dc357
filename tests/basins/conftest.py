"""Desks of the back office: people who used their second factor."""

from __future__ import annotations

import pytest
from django.test import Client

from basins.models import User
from basins.rights import Role
from tests.basins.people_tools import staff_session
from tests.factories import UserFactory, grant


@pytest.fixture
def hanne(db: None) -> User:
    """Regional administrator."""
    user = UserFactory(email="hanne@example.org", name="Hanne")
    grant(user, Role.REGION_ADMIN, None)
    return user


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice at her desk: coordinator of Sud-Est, second factor used."""
    return staff_session(client, alice)


@pytest.fixture
def regional_desk(client: Client, hanne: User) -> Client:
    return staff_session(client, hanne)
