"""Addresses half in one language and half in the other: where the page meant is.

Who changes ``/fr/`` into ``/nl/`` by hand, or follows an old link, has the slug of a basin, or the words of an
address, in the other language: ``/nl/sud-est/agenda/``.
"""

from __future__ import annotations

from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import override

from basins.enums import BasinCode
from core.bilingual import LANGUAGE_CODES, other_language


def address_meant(path: str) -> str:
    """The address of the page that ``path`` means, in the language it begins with; ``""`` where it means none.

    The slug may be that of the other language, what follows may be in either.
    """
    _nothing, _slash, rest = path.partition("/")
    language, _slash, rest = rest.partition("/")
    if language not in LANGUAGE_CODES:
        return ""
    slug, slash, tail = rest.partition("/")
    for spoken in (language, other_language(language)):
        match = _page(f"/{spoken}/{_slug_in(spoken, slug)}{slash}{tail}", spoken)
        found = _address(match, language) if match is not None else ""
        if found and found != path:
            return found
    return ""


def _slug_in(language: str, slug: str) -> str:
    """A basin's slug in that language; anything else stays."""
    for code in BasinCode:
        if slug in {code.slug(each) for each in LANGUAGE_CODES}:
            return code.slug(language)
    return slug


def _page(path: str, language: str) -> ResolverMatch | None:
    with override(language):
        for each in (path, f"{path}/"):
            try:
                return resolve(each)
            except Resolver404:
                continue
    return None


def _address(match: ResolverMatch, language: str) -> str:
    if not match.view_name:
        return ""
    with override(language):
        try:
            return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return ""
