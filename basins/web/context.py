"""``site``: what the frame of every page shows, in each template.

Built from values that are kept in the process (territory, menu, addresses), so that a page costs
no query for its header and footer. Everything is worked out only when a template asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from basins.addresses import page_url
from basins.enums import BasinCode
from basins.missions import missions
from basins.models import Basin
from basins.territory import FRAME_KEY, SECONDS, BasinFacts, territory
from core.bilingual import LANGUAGE_CODES, current_language

FRONT_PAGES = frozenset({"home", "demo:index"})


@dataclass(frozen=True, slots=True)
class Link:
    """A word and where it leads."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class BasinLink:
    """A basin in the switcher, the legend and the footer."""

    code: str
    name: str
    url: str
    is_current: bool
    municipality_names: list[str]


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """This page in a language. ``url`` begins at the root, ``absolute_url`` with the scheme (hreflang)."""

    code: str
    label: str
    name: str
    url: str
    absolute_url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same on all pages of one site in one language; kept for a minute."""

    basins: list[BasinLink]
    menu: list[tuple[str, str, frozenset[str]]]
    about: list[Link]
    home_url: str
    region_url: str
    search_url: str
    my_space_url: str
    login_url: str
    demo_url: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the team of a basin; empty where nobody told us."""

    name: str
    url: str
    phone: str
    email: str


def basin_of(request: HttpRequest) -> str | None:
    """The code of the basin whose site is asked for; of an address that leads nowhere, by its first words."""
    match = request.resolver_match
    if match is not None:
        code = match.kwargs.get("basin")
        return str(code) if code else None
    slug = request.path.split("/")[2:3]
    language = current_language()
    return next((code.value for code in BasinCode if [code.slug(language)] == slug), None)


def frame(basin: str | None) -> Frame:
    """The frame of a basin's site (None: the Region's) in the reader's language."""
    key = f"{FRAME_KEY}:{current_language()}:{basin or ''}"
    kept: Frame | None = cache.get(key)
    if kept is None:
        kept = _frame(basin)
        cache.set(key, kept, SECONDS)
    return kept


def _frame(basin: str | None) -> Frame:
    row = Basin.objects.filter(code=basin).first() if basin else None
    return Frame(
        basins=[
            BasinLink(
                facts.code, facts.name, page_url("home", facts.code), facts.code == basin, facts.municipality_names
            )
            for facts in territory().basins
        ],
        menu=[(str(entry.label), str(entry.url), entry.names) for mission in missions() for entry in mission.menu(row)],
        about=_about(basin),
        home_url=page_url("home", basin),
        region_url=reverse("home"),
        search_url=page_url("search", basin),
        my_space_url=page_url("my_space", basin),
        login_url=reverse("account_login"),
        demo_url=_demo_url(),
    )


def _about(basin: str | None) -> list[Link]:
    return [
        Link(_("Accessibility: state and contact"), page_url("accessibility", basin)),
        Link(_("Privacy"), page_url("privacy", basin)),
        Link(_("Which basin am I in?"), page_url("find_basin", basin)),
        Link(_("Data and programs (API)"), _in_this_language(reverse("api:docs"))),
        Link(_("Staff area"), reverse("admin:index")),
    ]


def _demo_url() -> str:
    if not settings.IS_DEMO:
        return ""
    try:
        return _in_this_language(reverse("demo:index"))
    except NoReverseMatch:
        return ""


def _in_this_language(url: str) -> str:
    """The address of a page outside ``/fr/`` and ``/nl/``, which would speak the browser's language."""
    return f"{url}?language={current_language()}"


class Site:
    """The site a page belongs to, for its templates."""

    is_demo: bool = settings.IS_DEMO

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._match = request.resolver_match

    @cached_property
    def code(self) -> str | None:
        return basin_of(self._request)

    @cached_property
    def basin(self) -> BasinFacts | None:
        return territory().find(self.code)

    @cached_property
    def _frame(self) -> Frame:
        return frame(self.code)

    @property
    def basins(self) -> list[BasinLink]:
        return self._frame.basins

    @property
    def contacts(self) -> list[Contact]:
        """The teams that gave a number or an address; the own basin's alone where it did."""
        all_teams = [
            Contact(facts.name, page_url("home", facts.code), facts.helpdesk_phone, facts.helpdesk_email)
            for facts in territory().basins
            if facts.helpdesk_phone or facts.helpdesk_email
        ]
        own = [team for team in all_teams if self.basin is not None and team.name == self.basin.name]
        return own or all_teams

    @property
    def phones(self) -> list[Contact]:
        """Those of :attr:`contacts` that can be called."""
        return [team for team in self.contacts if team.phone]

    @property
    def unknown_helpdesks(self) -> list[str]:
        """The basins whose number and address nobody gave us."""
        return [each.name for each in territory().basins if not (each.helpdesk_phone or each.helpdesk_email)]

    @property
    def about(self) -> list[Link]:
        return self._frame.about

    @property
    def home_url(self) -> str:
        return self._frame.home_url

    @property
    def region_url(self) -> str:
        return self._frame.region_url

    @property
    def search_url(self) -> str:
        return self._frame.search_url

    @property
    def my_space_url(self) -> str:
        return self._frame.my_space_url

    @property
    def demo_url(self) -> str:
        return self._frame.demo_url

    @cached_property
    def menu(self) -> list[Link]:
        name = self._match.view_name if self._match else ""
        return [Link(label, url, name in names) for label, url, names in self._frame.menu]

    @cached_property
    def sign_in_url(self) -> str:
        """Where one signs in and comes back to this page from; from a front page one goes to one's own space."""
        login = self._frame.login_url
        name = self._match.view_name if self._match else ""
        if not name or name.startswith(("account_", "mfa_")) or self._request.method != "GET":
            return login
        back = self._frame.my_space_url if name in FRONT_PAGES else self._request.get_full_path()
        return f"{login}?next={quote(back, safe='/')}"

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """This very page in each language; the home page where it has no counterpart."""
        query = self._request.META.get("QUERY_STRING", "")
        current = current_language()
        links = []
        for code in LANGUAGE_CODES:
            url = self._request.path if code == current and self._match else self._counterpart(code)
            if url and query and self._request.method == "GET":
                url = f"{url}?{query if code == current else _query_in(code, self._request)}"
            url = url or self._home_in(code)
            links.append(
                LanguageLink(
                    code=code,
                    label=code.upper(),
                    name=str(get_language_info(code)["name_local"]).capitalize(),
                    url=url,
                    absolute_url=self._request.build_absolute_uri(url),
                    is_current=code == current,
                )
            )
        return links

    def _counterpart(self, language: str) -> str:
        """This page's address in the other language, ``""`` where it has none."""
        if self._match is None or not self._match.view_name:
            return ""
        with override(language):
            try:
                return reverse(self._match.view_name, args=self._match.args, kwargs=self._match.kwargs)
            except NoReverseMatch:
                return ""

    def _home_in(self, language: str) -> str:
        with override(language):
            return page_url("home", self.code)


def _query_in(language: str, request: HttpRequest) -> str:
    """The query of a page; where it says which page comes next, that page in ``language``."""
    following = request.GET.get("next", "")
    if not following.startswith("/"):
        return str(request.META["QUERY_STRING"])
    query = request.GET.copy()
    query["next"] = translate_url(following, language)
    return query.urlencode(safe="/")


def site(request: HttpRequest) -> Mapping[str, Site]:
    """The context processor."""
    return {"site": Site(request)}
