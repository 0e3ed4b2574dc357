"""Paper: a template and a context become a tagged PDF (PDF/UA-1) that a screen reader can read."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.spoken import BRUSSELS

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

# Static files have no host on paper; this one exists nowhere (RFC 2606).
_BASE_URL = "https://static.invalid/"


@cache
def _static_files_only() -> URLFetcher:
    """Reads our own static files and nothing else: what people write into a page fetches nothing."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - see render_pdf

    class StaticFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint is not typed
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme == "data":
                return super().fetch(url, headers)
            prefix = urlsplit(settings.STATIC_URL).path
            found = None
            if f"{parts.scheme}://{parts.netloc}/" == _BASE_URL and parts.path.startswith(prefix):
                found = _static_file(unquote(parts.path.removeprefix(prefix)))
            if found is None:
                raise ValueError(f"Not one of our static files: {url}")
            kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": kind})

    return StaticFiles(allowed_protocols=("https", "data"))


def _static_file(name: str) -> Path | None:
    """The file of that name: in its app, or as collected (with its hash)."""
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    root = Path(settings.STATIC_ROOT).resolve()
    path = Path(found).resolve() if isinstance(found, str) else (root / name).resolve()
    inside = isinstance(found, str) or path.is_relative_to(root)
    return path if inside and path.is_file() else None


_OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    language: str,
    base_url: str = _BASE_URL,
    densities: Sequence[str] = ("",),
    sheets_at_most: int = 1,
) -> bytes:
    """The template in ``language``, as PDF. Its ``<html lang>`` and ``<title>`` become the document's.

    Takes a second or more: call it in a long job, not in a request. Links to styles and pictures
    are resolved among our static files; nothing is fetched from elsewhere. ``densities`` are classes of
    the page, tried in turn until it takes ``sheets_at_most``; the last one stays where none does.
    """
    return render_pdfs(
        [(template, context)],
        language=language,
        base_url=base_url,
        densities=densities,
        sheets_at_most=sheets_at_most,
    )


def render_pdfs(
    parts: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    language: str,
    base_url: str = _BASE_URL,
    densities: Sequence[str] = ("",),
    sheets_at_most: int = 1,
) -> bytes:
    """Several papers in one file, each a template with its context, each with page numbers of its own.

    The parts are asked for one by one as they are drawn, so that whoever gives them can tell how far
    it is. The first one gives the file its language and title; ``densities`` hold for it alone.
    ``ValueError`` where there is no part.
    """
    drawn: list[Any] = []
    for template, context in parts:
        for density in ("",) if drawn else densities:
            sheets = _drawn(template, {**context, "density": density}, language, base_url)
            if len(sheets.pages) <= sheets_at_most:
                break
        drawn.append(sheets)
    if not drawn:
        raise ValueError("Nothing to print.")
    from core.pdf_tags import put_right  # noqa: PLC0415 - loads what draws, see _drawn

    whole = drawn[0].copy([page for each in drawn for page in each.pages])
    pdf: bytes = whole.write_pdf(finisher=put_right, **_OPTIONS)
    return pdf


def _drawn(template: str, context: Mapping[str, Any], language: str, base_url: str) -> Any:
    """The template laid out on sheets."""
    from weasyprint import HTML  # noqa: PLC0415 - loads Pango and costs 60 MB, which web processes save

    with translation.override(language), timezone.override(BRUSSELS):
        html = render_to_string(template, {**context, "language": language})
    document = HTML(string=html, base_url=base_url, url_fetcher=_static_files_only(), media_type="print")
    return document.render(**_OPTIONS)
