"""Paper that can be read aloud: tags, language, title, fonts; and nothing fetched from anywhere."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.test import override_settings

from core.pdf import _static_files_only, render_pdf
from tests.core.letters import TEMPLATES


@pytest.fixture(scope="module")
def paper() -> bytes:
    first = {**settings.TEMPLATES[0], "DIRS": [TEMPLATES]}
    with override_settings(TEMPLATES=[first]):
        return render_pdf("letters/paper.html", {"title": "Échéancier"}, language="nl")


def test_paper_is_tagged_and_says_its_language_and_title(paper: bytes) -> None:
    document = pypdf.PdfReader(io.BytesIO(paper))
    root: Any = document.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], document.metadata.title if document.metadata else "") == (
        True, "nl", "Échéancier",
    )  # fmt: skip
    assert "/StructTreeRoot" in root


def test_paper_says_that_it_follows_pdf_ua(paper: bytes) -> None:
    root: Any = pypdf.PdfReader(io.BytesIO(paper)).trailer["/Root"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_the_words_can_be_copied(paper: bytes) -> None:
    assert "Échéancier" in pypdf.PdfReader(io.BytesIO(paper)).pages[0].extract_text()


def test_fonts_travel_with_the_paper(paper: bytes) -> None:
    page: Any = pypdf.PdfReader(io.BytesIO(paper)).pages[0]
    embedded = [
        "/FontFile3" in descriptor or "/FontFile2" in descriptor
        for font in page["/Resources"]["/Font"].values()
        for descriptor in [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]]
    ]
    assert set(embedded) == {True}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/static/core/favicon.svg",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "https://static.invalid/etc/passwd",
        "https://static.invalid/static/../../etc/passwd",
        "https://static.invalid/static/%2e%2e/%2e%2e/manage.py",
        "https://static.invalid/static//etc/passwd",
        "https://static.invalid/static/",
    ],
)
def test_nothing_but_our_static_files_is_read(url: str) -> None:
    with pytest.raises(ValueError, match=r"Not one of our static files|disallowed"):
        _static_files_only().fetch(url)


def test_our_static_files_are_read() -> None:
    answer = _static_files_only().fetch("https://static.invalid/static/core/favicon.svg")
    assert answer.read()[:4] == b"<svg"
