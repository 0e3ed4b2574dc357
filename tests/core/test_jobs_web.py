"""The page of a long job: who sees it, how it moves, and what stands at its end."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from basins.models import User
from core import jobs
from core.jobs import Outcome, Progress, work
from core.models import LongJob
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@work("tests.paper", title="Papier <b>")
def make_paper(job: LongJob, progress: Progress) -> Outcome:
    progress(1, 2)
    return Outcome(filename="visites.pdf", content=b"%PDF", note="Prêt")


@work("tests.team_paper", visible_to=lambda request, job: request.session.get("in_team") == job.scope)
def make_team_paper(job: LongJob, progress: Progress) -> Outcome:
    return Outcome(filename="visites.pdf", content=b"%PDF")


@work("tests.links_paper", visible_to=jobs.whoever_has_the_address)
def make_links_paper(job: LongJob, progress: Progress) -> Outcome:
    return Outcome(filename="attestation.pdf", content=b"%PDF")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def owner() -> User:
    return UserFactory()


@pytest.fixture
def job(owner: User) -> LongJob:
    return jobs.start("tests.paper", params={}, by=owner, scope="sud-est", language="fr")


def address(name: str, job: LongJob) -> str:
    with override("fr"):
        return reverse(name, kwargs={"uuid": job.uuid})


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_page_moves_while_the_job_runs(client: Client, owner: User, job: LongJob) -> None:
    page = signed_in(client, owner).get(address("job", job))
    assert page.status_code == 200
    assert f'hx-get="{address("job_fragment", job)}"' in page.text
    assert f'action="{address("job_stop", job)}"' in page.text
    assert "Papier &lt;b&gt;" in page.text


def test_the_fragment_is_a_part_of_the_page(client: Client, owner: User, job: LongJob) -> None:
    fragment = signed_in(client, owner).get(address("job_fragment", job))
    assert (fragment.status_code, "<html" in fragment.text, fragment.headers.get("HX-Refresh")) == (200, False, None)


def test_when_it_is_over_the_page_stands_still_and_offers_the_file(client: Client, owner: User, job: LongJob) -> None:
    jobs.run(job.pk)
    signed_in(client, owner)
    page, fragment = client.get(address("job", job)), client.get(address("job_fragment", job))
    assert ("hx-get" in page.text, fragment["HX-Refresh"]) == (False, "true")
    assert f'href="{address("job_file", job)}"' in page.text
    assert "Prêt" in page.text


def test_the_file_is_handed_out_whole_and_never_kept(client: Client, owner: User, job: LongJob) -> None:
    jobs.run(job.pk)
    response: Any = signed_in(client, owner).get(address("job_file", job))
    assert b"".join(response.streaming_content) == b"%PDF"
    assert response["Content-Disposition"] == 'attachment; filename="visites.pdf"'
    assert "no-store" in response["Cache-Control"]
    response.close()


def test_before_the_end_there_is_no_file(client: Client, owner: User, job: LongJob) -> None:
    assert signed_in(client, owner).get(address("job_file", job)).status_code == 404


def test_stopping_is_a_post(client: Client, owner: User, job: LongJob) -> None:
    signed_in(client, owner)
    assert client.get(address("job_stop", job)).status_code == 405
    response = client.post(address("job_stop", job))
    job.refresh_from_db()
    assert (response.status_code, response["Location"], job.state) == (302, address("job", job), "stopped")


@pytest.mark.parametrize("name", ["job", "job_fragment", "job_file"])
def test_for_others_there_is_no_such_job(name: str, client: Client, job: LongJob) -> None:
    jobs.run(job.pk)
    assert signed_in(client, UserFactory()).get(address(name, job)).status_code == 404


def test_others_cannot_stop_it(client: Client, job: LongJob) -> None:
    assert signed_in(client, UserFactory()).post(address("job_stop", job)).status_code == 404
    job.refresh_from_db()
    assert job.state == "waiting"


def test_whom_its_kind_lets_see_it_sees_it(client: Client, owner: User, eva: User) -> None:
    job = jobs.start("tests.team_paper", params={}, by=owner, scope="sud-est", language="fr")
    session = signed_in(client, eva).session
    session["in_team"] = "sud-est"
    session.save()
    assert client.get(address("job", job)).status_code == 200


@pytest.mark.parametrize("name", ["job", "job_fragment", "job_file", "job_stop"])
def test_who_started_it_is_a_stranger_once_its_kind_says_so(name: str, client: Client, owner: User) -> None:
    job = jobs.start("tests.team_paper", params={}, by=owner, scope="sud-est", language="fr")
    jobs.run(job.pk)
    ask = client.post if name == "job_stop" else client.get
    signed_in(client, owner)
    assert ask(address(name, job)).status_code == 404


@pytest.mark.parametrize("name", ["job", "job_fragment", "job_file"])
def test_a_stranger_is_asked_to_sign_in(name: str, client: Client, job: LongJob) -> None:
    response = client.get(address(name, job))
    assert (response.status_code, response["Location"].startswith("/fr/")) == (302, True)


def test_a_job_that_does_not_exist_is_404(client: Client, owner: User, job: LongJob) -> None:
    job.uuid = uuid.uuid4()
    assert signed_in(client, owner).get(address("job", job)).status_code == 404


def test_the_page_in_a_basins_site_stays_there(client: Client, owner: User, job: LongJob) -> None:
    with override("nl"):
        page = signed_in(client, owner).get(reverse("job", kwargs={"uuid": job.uuid, "basin": "sud-est"}))
        assert reverse("job_fragment", kwargs={"uuid": job.uuid, "basin": "sud-est"}) in page.text


@pytest.mark.parametrize("name", ["job", "job_fragment", "job_file"])
def test_who_has_no_account_sees_what_their_link_started(name: str, client: Client) -> None:
    job = jobs.start("tests.links_paper", params={}, by=None, language="fr")
    jobs.run(job.pk)
    answer = client.get(address(name, job))
    answer.close()
    assert (answer.status_code, answer["X-Robots-Tag"], answer["Referrer-Policy"]) == (200, "noindex", "same-origin")


def test_a_job_of_nobody_is_not_everybodys(client: Client) -> None:
    job = jobs.start("tests.paper", params={}, by=None, language="fr")
    assert client.get(address("job", job)).status_code == 302


def test_a_stranger_cannot_stop_a_job(client: Client, job: LongJob) -> None:
    answer = client.post(address("job_stop", job))
    job.refresh_from_db()
    assert (answer.status_code, job.state) == (302, "waiting")
