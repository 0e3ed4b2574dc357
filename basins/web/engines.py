"""What search engines are told: what to leave alone, and what there is. A mission adds its own in ``web/engines.py``:
``closed_to_engines()`` gives beginnings of addresses in the active language, ``SITEMAPS`` its public rows by name.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from basins.addresses import page_url
from basins.enums import BasinCode
from basins.missions import mission_modules
from core.bilingual import LANGUAGE_CODES


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone: the back office, accounts, and endless lists of the same."""
    closed: list[str] = []
    for language in LANGUAGE_CODES:
        with override(language):
            closed += [reverse("admin:index"), reverse("account_login"), reverse("my_space"), reverse("search")]
            closed += [page_url(name, code) for code in BasinCode.values for name in ("my_space", "search")]
            for _mission, module in mission_modules("web.engines"):
                closed += module.closed_to_engines()
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Disallow: /demo/", ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _all() -> dict[str, type[Sitemap[Any]] | Sitemap[Any]]:
    return {
        f"{mission}-{name}": made
        for mission, module in mission_modules("web.engines")
        for name, made in module.SITEMAPS.items()
    }


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of site maps: each holds so many addresses and no more."""
    return sitemaps.index(request, _all(), sitemap_url_name="sitemap_section")


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of one kind, each in both languages with the other one beside it. 404 for an unknown kind."""
    return sitemaps.sitemap(request, _all(), section)
