"""The team's way through an import: send a file, name its columns, read what it would do, do it, decide on doubles."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from basins.models import User
from core import jobs as core_jobs
from core.models import LongJob
from directory.enums import DoubleVerdict
from directory.importing import columns
from directory.models import LikelyDouble, Service, Source
from directory.rules import records
from tests.basins.people_tools import sign_in, staff_session
from tests.directory.factories import OrganizationFactory, SourceFactory
from tests.directory.import_tools import as_csv, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


def url(name: str, **arguments: Any) -> str:
    from django.urls import reverse
    from django.utils.translation import override

    with override("fr"):
        return reverse(f"directory:{name}", kwargs={"basin": "sud-est", **arguments})


def upload(content: bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(desk: Client, source: Source, content: bytes, **more: Any) -> LongJob:
    """Send a file and let the worker look at it."""
    response = desk.post(url("staff_source", source=source.uuid), {"file": upload(content), **more})
    assert response.status_code == 302, response.content
    return worked()


def worked() -> LongJob:
    """The newest job, once the worker is through with it."""
    job = LongJob.objects.latest("pk")
    core_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.note
    return job


def shown(desk: Client, job: LongJob) -> str:
    from django.urls import reverse
    from django.utils.translation import override

    with override("fr"):
        response = desk.get(reverse("job", kwargs={"basin": "sud-est", "uuid": job.uuid}))
    assert response.status_code == 200
    return str(response.content.decode())


def mapped(rows: list[dict[str, str]]) -> Source:
    return SourceFactory(mapping={"columns": {name: name for name in rows[0]}})


def test_a_list_is_named(desk: Client) -> None:
    answer = desk.post(
        url("staff_source_new"),
        {"name_fr": "Bruxelles Social", "name_nl": "Sociaal Brussel", "code": "social", "url": "", "licence": "CC BY"},
    )
    made = Source.objects.get()
    assert (answer.status_code, made.name_nl, made.licence) == (302, "Sociaal Brussel", "CC BY")


def test_a_file_whose_columns_nobody_named_asks_for_them(desk: Client) -> None:
    source = SourceFactory()
    job = send(desk, source, b"Nom;Organisation\nAccueil;Le Gu\xc3\xa9\n")
    assert job.result["columns"] == ["Nom", "Organisation"]
    assert url("staff_source_columns", source=source.uuid, looked_at=job.uuid) in shown(desk, job)
    assert not Service.objects.exists()


def test_the_way_from_the_columns_to_the_record(desk: Client) -> None:
    source = SourceFactory()
    job = send(desk, source, b"Nom;Structure\nAccueil;Le Gu\xc3\xa9\n")
    page = url("staff_source_columns", source=source.uuid, looked_at=job.uuid)
    assert "Le Gué" in desk.get(page).content.decode()
    desk.post(page, {"column-0": "service.name_fr", "column-1": "organization.name_fr", "service.kind": "phone_line"})
    source.refresh_from_db()
    assert source.mapping["columns"] == {"Nom": "service.name_fr", "Structure": "organization.name_fr"}
    looked_at = worked()
    assert looked_at.result["can_apply"]
    assert not Service.objects.exists()
    assert "Accueil" in shown(desk, looked_at)
    desk.post(url("staff_source_import", source=source.uuid), {"job": str(looked_at.uuid), "do": "import"})
    assert worked().result["applied"]
    made = Service.objects.get()
    assert (made.name_fr, made.kind, made.organization.name_fr) == ("Accueil", "phone_line", "Le Gué")


def test_columns_that_everybody_writes_are_proposed() -> None:
    french = ["Nom", "Téléphone", "Code postal", "Organisation", "BCE", "Commune", "Langues", "zzz"]
    assert list(columns.guess(french).values()) == [
        "service.name_fr",
        "service.phones",
        "location.postcode",
        "organization.name_fr",
        "organization.kbo_number",
        "location.municipality",
        "service.languages",
    ]
    dutch = ["Naam", "Telefoon", "Postcode", "Organisatie", "Ondernemingsnummer", "Gemeente", "Talen", "zzz"]
    assert list(columns.guess(dutch).values()) == [
        "service.name_nl",
        "service.phones",
        "location.postcode",
        "organization.name_nl",
        "organization.kbo_number",
        "location.municipality",
        "service.languages",
    ]
    assert {*columns.USUAL_HEADINGS} <= {*columns.targets()}


def test_a_column_may_be_nothing(desk: Client) -> None:
    source = SourceFactory()
    job = send(desk, source, b"Nom;Remarque\nAccueil;x\n")
    page = url("staff_source_columns", source=source.uuid, looked_at=job.uuid)
    desk.post(page, {"column-0": "service.name_fr", "column-1": "-"})
    source.refresh_from_db()
    assert source.mapping["columns"] == {"Nom": "service.name_fr", "Remarque": ""}
    assert worked().result["can_apply"]


def test_columns_that_cannot_be_are_refused(desk: Client) -> None:
    source = SourceFactory()
    job = send(desk, source, b"Nom;Structure\nAccueil;Le Gue\n")
    page = url("staff_source_columns", source=source.uuid, looked_at=job.uuid)
    answer = desk.post(page, {"column-0": "service.url", "column-1": "-"})
    assert answer.status_code == 422
    source.refresh_from_db()
    assert source.mapping == {}


def test_the_report_names_problems_words_and_changes(desk: Client) -> None:
    rows = [row("A1", service__themes="deuil; licornes"), row("A2", service__themes="", service__phones="12")]
    rows[0]["service.phones"] = ""
    job = send(desk, mapped(rows), as_csv(rows))
    page = shown(desk, job)
    assert "licornes" in page
    assert "service.phones" in page
    assert "Accueil A1" in page


def test_a_file_that_cannot_be_read_says_why(desk: Client) -> None:
    source = SourceFactory()
    desk.post(url("staff_source", source=source.uuid), {"file": upload("a;é".encode("latin-1"))})
    job = LongJob.objects.latest("pk")
    core_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "0xE9" in job.note


@pytest.mark.parametrize("content", [None, b""])
def test_without_a_file_there_is_nothing_to_look_at(desk: Client, content: bytes | None) -> None:
    data = {} if content is None else {"file": upload(content)}
    assert desk.post(url("staff_source", source=SourceFactory().uuid), data).status_code == 422
    assert not LongJob.objects.exists()


def test_doubles_are_decided_by_a_button(desk: Client) -> None:
    organization = records.create_organization(values={"name_fr": "Le Gué"}, by=None)
    source = mapped([row()])
    job = send(desk, source, as_csv([row()]))
    assert 'value="import"' in shown(desk, job)  # though nothing but a proposal would come of it
    desk.post(url("staff_source_import", source=source.uuid), {"job": str(job.uuid), "do": "import"})
    worked()
    page = desk.get(url("staff_doubles", source=source.uuid)).content.decode()
    assert "Le Gué" in page
    double = LikelyDouble.objects.get()
    desk.post(url("staff_double", double=double.uuid), {"verdict": "same"})
    double.refresh_from_db()
    assert (double.verdict, double.organization) == (DoubleVerdict.SAME, organization)
    last = LongJob.objects.latest("pk")
    desk.post(url("staff_source_import", source=source.uuid), {"job": str(last.uuid), "do": "import"})
    worked()
    assert Service.objects.get().organization == organization


def test_a_verdict_that_is_none_is_not_found(desk: Client) -> None:
    records.create_organization(values={"name_fr": "Le Gué"}, by=None)
    source = mapped([row()])
    job = send(desk, source, as_csv([row()]))
    desk.post(url("staff_source_import", source=source.uuid), {"job": str(job.uuid), "do": "import"})
    worked()
    double = LikelyDouble.objects.get()
    assert desk.post(url("staff_double", double=double.uuid), {"verdict": "open"}).status_code == 404


def test_a_job_of_another_list_is_not_found(desk: Client) -> None:
    job = send(desk, mapped([row()]), as_csv([row()]))
    other = SourceFactory()
    assert desk.get(url("staff_source_columns", source=other.uuid, looked_at=job.uuid)).status_code == 404
    answer = desk.post(url("staff_source_import", source=other.uuid), {"job": str(job.uuid), "do": "import"})
    assert answer.status_code == 404


def test_visitors_see_none_of_it(client: Client, daan: User) -> None:
    source = SourceFactory()
    sign_in(client, daan)
    pages = [url("staff_sources"), url("staff_source", source=source.uuid), url("staff_export")]
    assert {client.get(page).status_code for page in pages} <= {302, 404}


@pytest.mark.parametrize(("name", "queries"), [("staff_sources", 5), ("staff_doubles", 8)])
def test_lists_cost_as_many_queries_for_three_rows_as_for_one(
    desk: Client, name: str, queries: int, django_assert_num_queries: Any
) -> None:
    source = SourceFactory()
    _double(source)
    address = url(name) if name == "staff_sources" else url(name, source=source.uuid)
    desk.get(address)
    with django_assert_num_queries(queries):
        desk.get(address)
    for _ in range(2):
        _double(source)
        SourceFactory()
    with django_assert_num_queries(queries):
        desk.get(address)


def _double(source: Source) -> None:
    LikelyDouble.objects.create(
        source=source, identifier="x", label="X", organization=OrganizationFactory(), likeness=90, reasons=["name"]
    )
