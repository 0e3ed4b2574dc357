"""What the parameters of HSDS ask of the territory and of the words: which services, which places."""

from __future__ import annotations

import math
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, ExpressionWrapper, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

from basins.models import PostcodeArea
from directory import queries
from directory.models import Location, SearchEntry, Service, ServiceArea
from directory.search.finder import query_of
from directory.search.places import middles

EVERYBODY = AnonymousUser()
EARTH = 6_371_000.0  # mean radius, metres
METRES_PER_DEGREE = 111_195.0


def public_services() -> QuerySet[Service]:
    """What anybody may see; see `queries.services_for`."""
    return queries.services_for(EVERYBODY)


def found_by_words(words: str) -> QuerySet[Any, Any]:
    """Primary keys of the services that have all the words, or what means the same, in either language."""
    query = query_of(words)
    if not query:
        return SearchEntry.objects.none().values("service")
    matches = Func(
        F("words"),
        RawSQL("%s::tsquery", [query]),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )
    return SearchEntry.objects.filter(matches).values("service")


def serving(postcode: str) -> QuerySet[ServiceArea]:
    """The areas served in which the postcode, or a part of it, lies."""
    parts = PostcodeArea.objects.filter(postcode=postcode)
    lies_in = (
        Q(basin__in=parts.filter(basin__isnull=False).values("basin"))
        | Q(municipality__in=parts.values("municipality"))
        | Q(neighbourhood__postcode=postcode)
    )
    region = Q(whole_region=True) if parts.exists() else Q(pk__in=())
    return ServiceArea.objects.filter(lies_in | region)


def places_near(postcode: str, metres: float) -> QuerySet[Location]:
    """Places that may be shown within so many metres (great circle) of the middle of a postcode."""
    middle = middles().get(postcode)
    if middle is None:
        return Location.objects.none()
    latitude, longitude = middle
    up = metres / METRES_PER_DEGREE
    across = up / max(math.cos(math.radians(latitude)), 0.01)
    box = Location.objects.filter(
        hides_address=False,
        latitude__range=(latitude - up, latitude + up),
        longitude__range=(longitude - across, longitude + across),
    )
    return box.alias(metres=_distance(latitude, longitude)).filter(metres__lte=metres)


def _distance(latitude: float, longitude: float) -> Any:
    """The haversine formula, as PostgreSQL computes it."""
    half_up = Power(Sin(Radians(F("latitude") - Value(latitude)) / 2), 2)
    half_across = Power(Sin(Radians(F("longitude") - Value(longitude)) / 2), 2)
    shrink = Cos(Radians(F("latitude"))) * Value(math.cos(math.radians(latitude)))
    distance = Value(2 * EARTH) * ASin(Sqrt(half_up + shrink * half_across))
    return ExpressionWrapper(distance, output_field=FloatField())
