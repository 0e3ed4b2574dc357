"""French and Dutch on equal footing: no page and no paper says a word in another language.

Words are held against the catalogues and against what the rows hold, so that a sentence which never
went through a catalogue is found, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, include, path, reverse
from django.utils.translation import override
from icalendar import Calendar

import config.urls
from basins.models import User
from core import errors_web
from core.models import LongJob, OutboxMessage
from opendoors import queries_day, reports
from opendoors.enums import PUBLIC_STATES, EditionState
from opendoors.models import BookedVisit, Edition
from tests import language_helpdesk as helpdesk
from tests import language_minutes, language_room
from tests import language_tools as tools
from tests.language_pages import FRAGMENTS, NAMES, NO_PAGE, PAGES
from tests.language_world import ANYBODY, REGION, STAFF, World, a_world

# All addresses, those of the demo included.
urlpatterns = [path("demo/", include("config.demo.urls", namespace="demo")), *config.urls.urlpatterns]
handler400, handler403 = config.urls.handler400, config.urls.handler403
handler404, handler500 = config.urls.handler404, config.urls.handler500

pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("language", tools.LANGUAGES)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    tools.compile_all()


@pytest.fixture(autouse=True)
def _other_rows() -> None:
    tools.words_of_rows.cache_clear()


@pytest.fixture
def world(settings: Any, tmp_path: Path, alice: User, daan: User) -> World:
    settings.ROOT_URLCONF, settings.IS_DEMO, settings.LOCAL_DIR = __name__, True, tmp_path
    settings.TILES_URL, settings.TILES_ATTRIBUTION = "https://tiles.example/{z}/{x}/{y}.png", "© Everybody"
    made = a_world(alice, daan)
    made.values.update(helpdesk.a_helpdesk(alice))
    return made


# --- Pages ---------------------------------------------------------------------------------------
def addresses(patterns: list[Any], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all addresses, but for the API and for the back office, which lists its own pages."""
    for each in patterns:
        if isinstance(each, URLPattern) and each.name:
            yield ":".join((*spaces, each.name))
        elif isinstance(each, URLResolver) and each.namespace not in {"admin", "api"}:
            yield from addresses(each.url_patterns, (*spaces, each.namespace) if each.namespace else spaces)


def test_every_address_is_on_a_list() -> None:
    listed = {*PAGES, *FRAGMENTS, *NO_PAGE, *helpdesk.PAGES, *helpdesk.NO_PAGE}
    there = set(addresses(get_resolver(__name__).url_patterns))
    assert (there - listed, listed - there) == (set(), set())


def urls_of(name: str, language: str, **values: Any) -> list[str]:
    """The address of a page, on the Region's site and on a basin's where it is on both."""
    sets = [
        *((), ("uuid",), ("token",), ("token", "wish"), ("token", "visit"), ("token", "place")),
        *(("slug",), ("slug", "visit"), ("slug", "host"), ("slug", "host", "place")),
        *(("slug", "reference"), ("slug", "reference", "visit")),
    ]
    sets += [("record",), ("organization",), ("missed",), ("location",), ("change",), ("proof",), ("proof", "record")]
    sets += [("code",), ("held",), ("problem",), ("way",), ("way", "step"), ("source",), ("source", "looked_at")]
    sets += [("slug", "meeting"), ("slug", "meeting", "item"), ("slug", "document")]
    sets += language_room.SETS + language_minutes.SETS
    sets += [("token", "reference"), ("token", "cycle"), ("slug", "cycle"), ("slug", "meeting", "reference")]
    sets += [("expert",), ("example",), ("code", "call")]
    found = []
    with override(language):
        for chosen in sets:
            if all(each in values for each in chosen):
                for more in ({}, {"basin": "sud-est"}):
                    with suppress(NoReverseMatch):
                        found.append(reverse(name, kwargs={each: values[each] for each in chosen} | more))
    assert found, f"{name} needs something that the world has not"
    return [f"{url}?language={language}" if name.startswith("demo:") else url for url in found]


def pages_of(world: World, name: str, language: str) -> list[str]:
    own = world.values.get(name, {})
    return urls_of(name, language, **world.values | (own if isinstance(own, dict) else {"uuid": own}))


def faults(answer: Any, language: str, *, status: int = 200, names: str = "", is_part: bool = False) -> list[str]:
    """What is wrong with a page of ours: its language, its one heading, words of another language."""
    where = getattr(answer, "request", {}).get("PATH_INFO", "")
    if answer.status_code != status:
        return [f"{where}: {answer.status_code}"]
    page = tools.PageReader(answer.content.decode(), language)
    known = tools.words_of_rows(language) | tools.words(names)
    found = {*tools.strange(page.said, language, known), *tools.badly_set(page.said, language, known)}
    if not is_part and (page.page_language, page.headings) != (language, 1):
        found.add(f"in {page.page_language} with {page.headings} first headings")
    return [f"{where}: {fault}" for fault in sorted(found)]


@both
def test_every_page_speaks_its_language(world: World, language: str) -> None:
    found = []
    for name, readers in (PAGES | helpdesk.PAGES | FRAGMENTS).items():
        for reader, url in product(readers, pages_of(world, name, language)):
            answer = world.readers[reader].get(url, headers={"accept-language": language})
            found += faults(answer, language, names=NAMES.get(name, ""), is_part=name in FRAGMENTS)
    assert found == []


@both
@pytest.mark.parametrize("state", [state for state in EditionState if state in PUBLIC_STATES])
def test_a_week_speaks_its_language_in_every_state(world: World, language: str, state: EditionState) -> None:
    for name, reader in [("opendoors:week", ANYBODY), ("opendoors:staff_edition", STAFF)]:
        assert faults(world.readers[reader].get(urls_of(name, language, slug=f"in-{state}")[0]), language) == []


@both
@pytest.mark.parametrize("state", LongJob.State.values)
def test_a_job_speaks_its_language_in_every_state(world: World, language: str, state: str) -> None:
    LongJob.objects.update(state=state, steps_done=3, steps_total=7)
    assert faults(world.readers[STAFF].get(urls_of("job", language, uuid=world.values["job"])[0]), language) == []


@both
@pytest.mark.parametrize("words", ["bain bad", "1000", "1040", "xyz"])
def test_answers_to_a_question_speak_their_language(world: World, language: str, words: str) -> None:
    for name, field in [("search", "q"), ("find_basin", "postcode")]:
        for url in urls_of(name, language):
            assert faults(world.readers[ANYBODY].get(url, {field: words}), language, names=words) == []


# --- What went wrong -----------------------------------------------------------------------------
FORMS = [
    ("opendoors:week", ANYBODY, {}),
    ("opendoors:week", ANYBODY, {"email": "x", "visits": ["x"]}),
    ("opendoors:week", ANYBODY, {"name": "x", "email": "x@example.org", "seats": "2", "companions": "x\nx\nx"}),
    ("opendoors:staff_edition_new", STAFF, {}),
    ("opendoors:staff_edition_edit", STAFF, {"starts_on": "x", "ends_on": "x", "bands": "x", "slug": "é"}),
    ("opendoors:staff_host_new", STAFF, {"contact_email": "x", "postcode": "x"}),
    ("opendoors:staff_host_edit", STAFF, {}),
    ("opendoors:staff_place_new", STAFF, {"postcode": "x"}),
    ("opendoors:staff_visit_new", STAFF, {}),
    ("opendoors:staff_visit", STAFF, {"seats": "-3", "begins": "25:00", "ends": "x", "day": "x"}),
    ("opendoors:staff_import", STAFF, {}),
    ("helpdesk:ask", ANYBODY, {}),
    ("helpdesk:ask", ANYBODY, {"body": "0475 12 34 56", "name": "x", "email": "x@example.org"}),
    ("helpdesk_region:ask", ANYBODY, {"body": "12345", "name": "x", "email": "x@example.org"}),
    ("helpdesk:ticket", ANYBODY, {}),
]


@both
@pytest.mark.parametrize(("name", "reader", "typed"), FORMS)
def test_a_refused_form_speaks_its_language(
    world: World, language: str, name: str, reader: str, typed: dict[str, Any]
) -> None:
    assert (
        faults(
            world.readers[reader].post(pages_of(world, name, language)[0], {"csrf": "1"} | typed), language, status=422
        )
        == []
    )


@both
def test_a_broken_file_is_explained_in_the_readers_language(world: World, language: str) -> None:
    lines = "2024-12-02,25:00,10:30,Maison,x,de,9999\n,,,,,,\n2024-12-02,11:00,10:30,Maison,-3,fr,1040\n"
    content = f"date,start,end,host,seats,languages,postcode,colour\n{lines}".encode()
    upload = SimpleUploadedFile("visites.csv", content, "text/csv")
    url = pages_of(world, "opendoors:staff_import", language)[0]
    answer = world.readers[STAFF].post(url, {"file": upload, "seats": "5"})
    names = "visites Maison date start end host seats languages postcode colour de"
    assert faults(answer, language, status=answer.status_code, names=names) == []


@both
def test_signing_in_speaks_the_readers_language(world: World, language: str) -> None:
    browser, login = Client(), urls_of("account_login", language)[0]
    assert faults(browser.post(login, {"email": "x"}), language) == []
    asked = browser.post(login, {"email": "daan@example.org"})
    assert faults(browser.get(asked["Location"]), language) == []
    assert faults(browser.post(asked["Location"], {"code": "1111-1111"}), language) == []
    (message,) = OutboxMessage.objects.filter(kind="basins.sign_in_code")
    factor = browser.post(asked["Location"], {"code": message.params["code"]})
    assert faults(browser.get(factor["Location"]), language) == []
    assert faults(browser.post(factor["Location"], {"code": "000000"}), language) == []


@both
@pytest.mark.parametrize(
    "page",
    [errors_web.bad_request, errors_web.permission_denied, errors_web.page_not_found, errors_web.csrf_failure,
     errors_web.server_error],
)  # fmt: skip
def test_an_error_page_speaks_its_language(language: str, page: Callable[..., Any]) -> None:
    request = RequestFactory().get(f"/{language}/")
    request.user = AnonymousUser()
    with override(language):
        answer = page(request)
    assert faults(answer, language, status=answer.status_code) == []


@both
def test_a_forged_link_is_refused_in_the_readers_language(world: World, language: str) -> None:
    answer = world.readers[ANYBODY].get(urls_of("opendoors:booked", language, token="forged")[0])
    assert faults(answer, language, status=answer.status_code) == []


# --- Paper ---------------------------------------------------------------------------------------
@both
def test_the_programme_on_paper_speaks_both_languages(
    world: World, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = on_paper(monkeypatch)
    reports.render_programme(world.edition, language=language)
    assert len(papers) == 2
    for paper, code in product(papers, tools.LANGUAGES):
        assert tools.strange_on_page(paper, code, tools.words_of_rows(code)) == []


def on_paper(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes to the PDF engine from now on, each paper as a page of its own."""
    papers: list[str] = []

    def as_text(parts: Any, *, language: str, **_layout: object) -> bytes:
        with override(language):
            papers.extend(render_to_string(template, {**context, "language": language}) for template, context in parts)
        return b""

    monkeypatch.setattr(reports, "render_pdfs", as_text)
    monkeypatch.setattr(
        reports, "render_pdf", lambda template, context, **given: as_text([(template, context)], **given)
    )
    return papers


@both
def test_lists_and_posters_speak_both_languages(world: World, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = on_paper(monkeypatch)
    past = Edition.objects.get(slug="past")
    for render in (reports.render_sheets, reports.render_posters):
        render(queries_day.visits_with_sheets(past), language=language)
    assert papers
    for paper, code in product(papers, tools.LANGUAGES):
        assert tools.strange_on_page(paper, code, tools.words_of_rows(code)) == []


@both
def test_a_certificate_speaks_its_readers_language(
    world: World, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = on_paper(monkeypatch)
    rows = list(BookedVisit.objects.filter(visit__edition__slug="past"))
    with override(language):
        reports.render_certificate(rows[0].booking, rows, language=language)
    (paper,) = papers
    assert tools.strange_on_page(paper, language, tools.words_of_rows(language)) == []


@both
def test_the_calendar_feed_speaks_its_language(world: World, language: str) -> None:
    (url,) = (url for url in urls_of("agenda_feed", language) if world.edition.basin.code in url or "zuid-oost" in url)
    feed = Calendar.from_ical(world.readers[ANYBODY].get(url).content)
    said = [str(part[name]) for part in feed.walk() for name in ("SUMMARY", "DESCRIPTION", "NAME") if name in part]
    known, texts = tools.words_of_rows(language), [(text, language) for text in said]
    assert len(said) > 1
    assert [*tools.strange(texts, language, known), *tools.badly_set(texts, language, known)] == []


# --- Back office ---------------------------------------------------------------------------------
@both
@pytest.mark.parametrize("reader", [STAFF, REGION])
def test_the_back_office_speaks_the_readers_language(world: World, language: str, reader: str) -> None:
    desk = world.readers[reader]
    with override(language):
        index = reverse("admin:index")
    home = desk.get(index)
    in_both = " ".join(tools.words_of_rows(tools.OTHER[language]))  # staff see both languages of a row
    assert faults(home, language) == []
    for model in (model for app in home.context["app_list"] for model in app["models"]):
        rows = desk.get(model["admin_url"])
        assert faults(rows, language, names=in_both) == []
        urls = [model["add_url"]] if model.get("add_url") else []
        for row in rows.context["cl"].result_list[:1]:
            urls += [f"{model['admin_url']}{row.pk}/{page}" for page in ("change/", "history/")]
        for url in urls:
            assert faults(desk.get(url), language, names=in_both) == []


# --- The reading itself --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Réserver mes visites</p>", []),
        ("<p>Book my visits</p>", ["Book my visits"]),
        ("<p>Mijn bezoeken reserveren</p>", ["Mijn bezoeken reserveren"]),
        ('<p lang="nl">Mijn bezoeken reserveren</p>', []),
        ('<p translate="no">Book my visits</p><code>seats</code>', []),
        ('<img alt="Book my visits">', ["Book my visits"]),
        ('<button aria-label="Forgotten words">x</button>', ["Forgotten words [forgotten words]"]),
        ("<p>Mes visites : never translated</p>", ["Mes visites : never translated [never translated]"]),
    ],
)
def test_a_forgotten_word_is_found(html: str, found: list[str]) -> None:
    assert tools.strange_on_page(html, "fr", frozenset()) == found
