"""The basins' own share of the registry: figures, personal data and forgetting, the demo's data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command

from basins.enums import NeedState
from basins.mission import mission
from basins.missions import Period, missions
from basins.models import Need, NeedMention, NewsItem, PartnerKey, User
from basins.rules import needs
from core.bilingual import both
from core.models import OutboxMessage
from tests.factories import NewsItemFactory, basin

pytestmark = pytest.mark.django_db

YEAR = Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31))


def hear(email: str = "", key: str = "CT 1", **more: Any) -> Need:
    values: dict[str, Any] = {
        "source": "concertations",
        "source_key": key,
        "basin": basin("sud-est"),
        "title": "Isolement",
        "language": "fr",
        "words": "Les gens sont seuls.",
        "heard_on": dt.date(2024, 9, 26),
        "raised_by_email": email,
    }
    return needs.raise_need(**values | more)


def outgoing(to: str) -> OutboxMessage:
    return OutboxMessage.objects.create(key=f"k-{to}", kind="x", to=to, language="fr", message_id=f"<{to}>")


def test_figures_count_what_was_heard_in_the_period() -> None:
    hear(key="CT 1", weight=2)
    hear(key="CT 2")
    hear(key="CT 3", heard_on=dt.date(2025, 1, 1))
    hear(key="CT 4", basin=basin("nord"))

    values = {figure.key: figure.value for figure in mission.figures(basin("sud-est"), YEAR)}

    assert values == {"needs_heard": 1, "need_mentions": 3, "news_published": 0}


def test_figures_of_the_region_are_those_of_all() -> None:
    hear(key="CT 1")
    hear(key="CT 4", basin=basin("nord"))
    NewsItemFactory(published_at=dt.datetime(2024, 6, 1, tzinfo=dt.UTC))

    values = {figure.key: figure.value for figure in mission.figures(None, YEAR)}

    assert values == {"needs_heard": 2, "need_mentions": 2, "news_published": 1}


def test_everything_held_on_an_address_is_told(chantal: User) -> None:
    hear("Chantal@example.org")
    outgoing("chantal@example.org")
    outgoing("somebody@example.org")

    records = list(mission.personal_data("CHANTAL@example.org"))

    assert len(records) == 3
    assert all(record.reason for record in records)
    assert {record.fields["email"] for record in records} == {"chantal@example.org"}


def test_roles_belong_to_what_is_told(alice: User) -> None:
    records = list(mission.personal_data(alice.email))

    assert [record.fields.get("role") for record in records] == [None, "coordinator"]


def test_forgetting_erases_the_account_and_the_address_but_not_the_need(chantal: User) -> None:
    need = hear(chantal.email)
    outgoing(chantal.email)

    outcome = mission.forget("Chantal@Example.org")

    assert (outcome.erased, outcome.kept) == (3, [])
    assert list(mission.personal_data(chantal.email)) == []
    assert need.mentions.get().raised_by_email == ""


def test_two_who_are_forgotten_still_count_for_two() -> None:
    need = hear("a@example.org")
    hear("b@example.org", weight=2)

    mission.forget("a@example.org")
    mission.forget("b@example.org")

    assert list(need.mentions.values_list("raised_by_email", "weight")) == [("", 3)]


def test_who_had_a_role_is_kept_with_the_reason(alice: User) -> None:
    outcome = mission.forget(alice.email)

    assert User.objects.filter(pk=alice.pk).exists()
    assert len(outcome.kept) == 1


def test_the_contact_of_a_key_is_kept_with_the_reason(farid: PartnerKey) -> None:
    outcome = mission.forget(farid.contact_email)

    assert [kept.what for kept in outcome.kept] == [str(farid)]


def test_forgetting_nobody_changes_nothing(chantal: User) -> None:
    outcome = mission.forget("nobody@example.org")

    assert (outcome.erased, outcome.kept) == (0, [])
    assert User.objects.count() == 1


# --- The demo ------------------------------------------------------------------------------------


def test_demo_news_stands_in_both_languages_and_says_that_it_is_a_sample() -> None:
    mission.seed_demo(today=dt.date(2025, 5, 20), is_new=True)

    items = list(NewsItem.objects.all())
    assert len(items) == 9
    for item in items:
        assert all(both(item, "title").values())
        assert "démonstration" in both(item, "body")["fr"]
        assert "demonstratie" in both(item, "body")["nl"]


def test_demo_needs_are_those_of_the_two_meetings() -> None:
    mission.seed_demo(today=dt.date(2025, 5, 20), is_new=True)

    isolation = Need.objects.get(title_fr="Isolement")
    assert (Need.objects.count(), NeedMention.objects.count()) == (17, 18)
    assert isolation.mentions.count() == 2
    assert {need.state for need in Need.objects.all()} == {NeedState.HEARD}
    assert all(all(both(need, "title").values()) for need in Need.objects.all())


# --- At the console ------------------------------------------------------------------------------


def test_personal_data_is_printed_as_json(chantal: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("personal_data", "chantal@example.org")

    assert '"email": "chantal@example.org"' in capsys.readouterr().out


def test_forgetting_is_dry_unless_told_otherwise(chantal: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("forget_person", "chantal@example.org")
    assert User.objects.filter(pk=chantal.pk).exists()

    call_command("forget_person", "chantal@example.org", "--apply")

    assert not User.objects.filter(pk=chantal.pk).exists()
    assert len(capsys.readouterr().out.splitlines()) == 2 * len(missions())
