"""My space: what waits, what is mine, and how I am written to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from basins.models import User
from opendoors.enums import EditionState
from tests.basins.pages import url
from tests.factories import basin
from tests.opendoors.factories import EditionFactory

pytestmark = pytest.mark.django_db


def test_who_did_not_sign_in_is_asked_to(client: Client) -> None:
    response = client.get(url("my_space"))

    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={url('my_space')}")


def test_what_waits_for_me_comes_from_the_registry(client: Client, alice: User) -> None:
    client.force_login(alice)
    EditionFactory(state=EditionState.DRAFT)
    EditionFactory(state=EditionState.DRAFT, basin=basin("nord"))

    tasks = client.get(url("my_space")).context["tasks"]

    assert len(tasks) == 1


def test_nothing_waits_for_a_visitor(client: Client, daan: User) -> None:
    client.force_login(daan)

    context = client.get(url("my_space", "nl", None)).context

    assert (context["tasks"], context["sections"]) == ([], [])


def test_name_and_language_are_mine_to_change(client: Client, daan: User) -> None:
    client.force_login(daan)

    response = client.post(url("my_space", "nl"), {"name": " Daan  Peeters ", "language": "fr"})

    daan.refresh_from_db()
    assert (daan.name, daan.language) == ("Daan Peeters", "fr")
    assert response["Location"] == url("my_space", "fr")


@pytest.mark.parametrize("data", [{"name": "x" * 121, "language": "fr"}, {"name": "Daan", "language": "de"}, {}])
def test_what_is_not_valid_changes_nothing(client: Client, daan: User, data: dict[str, Any]) -> None:
    client.force_login(daan)

    response = client.post(url("my_space"), data)

    daan.refresh_from_db()
    assert response.status_code == 422
    assert (daan.name, daan.language) == ("Daan", "nl")


def test_markup_in_a_name_is_shown_as_text(client: Client, daan: User) -> None:
    client.force_login(daan)
    client.post(url("my_space"), {"name": "<script>alert(1)</script>", "language": "fr"})

    assert "<script>alert" not in client.get(url("my_space")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(client: Client, alice: User, number: int, django_assert_num_queries: Any) -> None:
    client.force_login(alice)
    client.get(url("my_space"))
    for _n in range(number):
        EditionFactory(state=EditionState.DRAFT)

    # session, person, rights; offers, addresses to confirm, questions to visitors and to hosts, the team's editions;
    # desks; booked visits, places in lines, services that host; of the directory corrections, proposals, its desk;
    # of the helpdesk what it asks one, what waits there as questions and as mails, its desk, one's own questions
    with django_assert_num_queries(25):
        client.get(url("my_space"))
