"""Finding: the search, a record, an organisation."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from basins.access import holds
from basins.missions import TookPart, ask_url, missions
from basins.queries import helpdesk_is_open
from basins.rights import Right
from basins.web.context import frame
from core.bilingual import text
from core.calendar import is_public_holiday
from core.middleware import writing_allowed
from core.tiles import tiles, with_tiles
from directory import access, public_queries
from directory.enums import GoneReason
from directory.models import Organization
from directory.rules import missed
from directory.search.finder import Answer, find
from directory.search.questions import Order, Question
from directory.standing import known_as
from directory.web.addresses import EVERYWHERE, directory_url, encoded, organization_url, pairs_of
from directory.web.asking import chips, drops, facet_views, map_of, question_from
from directory.web.cards import card, persons, record_view
from directory.web.street_map import map_of_cards, map_of_places

LONGEST_ALL = 50


@require_safe
@with_tiles
def search(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """The directory: words, filters with their counts, what was found. A script may ask for the part that changes."""
    question = question_from(request.GET, basin=basin, user=request.user)
    answer = find(question)
    last = max(1, ceil(answer.total / question.per_page))
    if question.page > last:
        question = replace(question, page=last)
        answer = find(question)
    if question.page == 1:
        _count_if_missed(question, answer)
    is_fragment = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "found"
    template = "directory/_found.html" if is_fragment else "directory/search.html"
    context = _search_context(request, question, answer, basin) | {"is_fragment": is_fragment}
    response = render(request, template, context)
    if is_fragment:
        response["HX-Push-Url"] = f"{context['address']}?{context['query']}"
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _search_context(request: HttpRequest, question: Question, answer: Answer, basin: str | None) -> dict[str, Any]:
    address = directory_url("search", basin)
    distances = {hit.service: hit.distance for hit in answer.hits}
    services = public_queries.cards(distances, request.user)
    # Pages are only counted here: the rows of this one are known already.
    page = Paginator(range(answer.total), question.per_page).get_page(question.page)
    cards = [card(service, basin=basin, distance=distances[service.pk]) for service in services]
    written = request.GET.get("near", "").strip()
    return {
        "question": question,
        "answer": answer,
        "address": address,
        "page": page,
        "query": encoded(pairs_of(question)),
        "cards": cards,
        "has_streets": tiles() is not None,
        "street_map": map_of_cards(cards, page.start_index(), request.user),
        "facets": facet_views(question, answer),
        "chips": chips(question, answer),
        "drops": drops(question, answer) if not answer.total else [],
        "map": map_of(question, answer, frame(basin).basins),
        "orders": [(order, order == question.order) for order in _orders(question)],
        "near_written": written,
        "near_unknown": bool(written) and not question.near,
        "everywhere": EVERYWHERE if basin and question.basin is None else "",
        "meant": [(word, meant) for word, meant in answer.meant.items()],
        "words_only": encoded([("q", question.words), *([(EVERYWHERE, "on")] if basin else [])]),
        "missing_url": f"{directory_url('missing', basin)}?{encoded([('q', question.words)])}",
        "ask_url": ask_url(basin, question.words, question.near),
        "ways_url": directory_url("ways", basin),
        "leaflet_url": directory_url("leaflet", basin),
        "follow_url": directory_url("follow", basin),
        "export_url": _export_url(request, question, basin),
        "is_open": helpdesk_is_open(),
        "is_holiday": is_public_holiday(timezone.localdate()),
        "has_demo_data": any(service.is_demo for service in services),
    }


def _export_url(request: HttpRequest, question: Question, basin: str | None) -> str:
    """The same results as a file, for who keeps the directory in this basin."""
    if basin is None or not holds(request.user, Right.MANAGE_DIRECTORY, basin):
        return ""
    return f"{directory_url('staff_export', basin)}?{encoded(pairs_of(question))}"


def _orders(question: Question) -> list[Order]:
    return [order for order in Order if order != Order.DISTANCE or question.near]


def _count_if_missed(question: Question, answer: Answer) -> None:
    """What was looked for in vain is bookkeeping: it changes nothing that anybody sees."""
    if question.words and (answer.total == 0 or answer.missing):
        with writing_allowed():
            missed.note(
                words=question.words,
                postcode=question.near,
                filters=[f"{key}={value}" for key, value in question.filters],
                basin=question.basin,
                today=timezone.localdate(),
            )


# --- One record, one organisation ----------------------------------------------------------------
@require_safe
@with_tiles
def record(request: HttpRequest, record: UUID, basin: str | None = None) -> HttpResponse:
    """Everything about a record, in the order in which somebody who refers needs it. A permanent address."""
    service = public_queries.record(record, request.user)
    if service is None:
        return gone(request, record, basin)
    view = record_view(service, request.user, basin=basin)
    context = {"service": service, "view": view, "basin": basin, "search_url": directory_url("search", basin)}
    context["street_map"] = map_of_places(view.places, text(service, "name"), request.user)
    context["leaflet_url"] = f"{directory_url('leaflet', basin)}?{encoded([('r', str(service.uuid))])}"
    return render(request, "directory/record.html", context)


@require_safe
def organization(request: HttpRequest, organization: UUID, basin: str | None = None) -> HttpResponse:
    """An organisation and what it offers; one that merged leads to the one it is part of now."""
    row = public_queries.organization(organization, request.user)
    if row is None:
        return gone(request, organization, basin)
    if row.merged_into is not None:
        return HttpResponseRedirect(organization_url(row.merged_into, basin), status=301)
    keys = public_queries.services_of(row, request.user).values_list("pk", flat=True)
    page = Paginator(keys, LONGEST_ALL).get_page(request.GET.get("page"))
    services = public_queries.cards(page, request.user)
    context = {
        "organization": row,
        "page": page,
        "cards": [card(service, basin=basin) for service in services],
        "persons": persons(row.contacts.all(), timezone.localdate()),
        "places": [
            (
                place,
                access.may_see_address(request.user, place),
                directory_url("wrong_place", basin, location=place.uuid),
            )
            for place in public_queries.places_of(row)
        ],
        "wrong_url": directory_url("wrong_organization", basin, organization=row.uuid),
        "took_part": _took_part(row),
        "search_url": directory_url("search", basin),
        "query": "",
    }
    return render(request, "directory/organization.html", context)


def _took_part(organization: Organization) -> list[TookPart]:
    """What the other missions know of it, the latest first."""
    identifiers = known_as(organization)
    found = [each for mission in missions() for each in mission.took_part(identifiers)]
    return sorted(found, key=lambda each: (each.starts, each.url), reverse=True)


def gone(request: HttpRequest, uuid: UUID, basin: str | None) -> HttpResponse:
    """Where a merged record is now (301), that one was taken out (410), or that there is none (404)."""
    tombstone = public_queries.went_to(uuid)
    if tombstone is None or tombstone.reason == GoneReason.HIDDEN:
        raise Http404
    if tombstone.replaced_by is not None:
        name = "organization" if tombstone.record_kind == "organization" else "record"
        return HttpResponseRedirect(directory_url(name, basin, **{name: tombstone.replaced_by}), status=301)
    context = {"search_url": directory_url("search", basin), "since": tombstone.at}
    return render(request, "directory/gone.html", context, status=410)
