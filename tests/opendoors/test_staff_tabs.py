"""The sections of an edition's desk: each says which edition it is of, at the same place."""

from __future__ import annotations

import pytest
from django.test import Client

from basins.models import User
from core.models import LongJob
from opendoors.enums import EditionState
from opendoors.models import Edition
from tests.basins.people_tools import staff_session
from tests.opendoors.factories import EditionFactory
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db

SECTIONS = ["hosts", "bookings", "waiting", "day", "evaluation", "figures", "export"]


@pytest.fixture
def edition() -> Edition:
    made: Edition = EditionFactory(
        slug="2026", name_fr="Portes du Grand Bain", name_nl="Deuren", state=EditionState.OPEN
    )
    return made


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


def test_the_address_of_the_paper_leads_back_to_its_button(team: Client, edition: Edition) -> None:
    answer = team.get(page("staff_on_paper", slug="2026"))

    assert answer.headers["Location"] == page("staff_edition", slug="2026")
    assert not LongJob.objects.exists()


def test_back_to_an_earlier_state_comes_last_and_weighs_less(team: Client, edition: Edition) -> None:
    Edition.objects.update(state=EditionState.CALL)

    html = team.get(page("staff_edition", slug="2026")).content.decode()

    steps = html.split('id="h-steps"')[1].split("</section>")[0]
    assert [part.split('"')[0] for part in steps.split('name="to" value="')[1:]] == ["published", "draft"]
    assert 'class="btn text small"' in steps.split('value="draft"')[1]


@pytest.mark.parametrize("section", SECTIONS)
def test_the_way_back_names_the_edition_and_its_year(team: Client, edition: Edition, section: str) -> None:
    html = team.get(page(f"staff_{section}", slug="2026")).content.decode()

    back = html.split('class="back')[1].split("</a>")[0]
    assert f"Portes du Grand Bain {edition.starts_on.year}" in back


@pytest.mark.parametrize("section", ["edition", *SECTIONS])
def test_the_sections_stand_between_the_way_back_and_the_heading(team: Client, edition: Edition, section: str) -> None:
    html = team.get(page(f"staff_{section}", slug="2026")).content.decode()

    assert html.index('class="back') < html.index('<nav class="pages') < html.index("<h1")
