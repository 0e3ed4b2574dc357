"""Walls as they are read: by their code in the room, by the team at its desk, and the order of what matters."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from basins.models import User
from concertations import staff_queries
from concertations.enums_tables import ON_THE_WALL, PointKind, WallState
from concertations.models import Cluster, Phone, Point, PostIt, Wall


def walls_on_show(basin: str | None) -> QuerySet[Wall]:
    """Walls that whoever has the code may see, of a basin or (``None``) of the Region."""
    return Wall.objects.filter(state__in=ON_THE_WALL, meeting__series__basin__code=basin).select_related(
        "meeting__series__basin"
    )


def wall_by_code(basin: str | None, code: str) -> Wall:
    """The wall of a code as people type it. One query. Raises ``Wall.DoesNotExist``."""
    return walls_on_show(basin).get(code=plain_code(code))


def plain_code(code: str) -> str:
    """Capitals, without the spaces and dashes that people put in; at most as long as a code is."""
    return "".join(char for char in code.upper() if char.isalnum())[:12]


def versions(basin: str | None, code: str) -> tuple[int, int] | None:
    """What screens and phones poll for, in one small query; None where there is no such wall."""
    found = Wall.objects.filter(code=plain_code(code), state__in=ON_THE_WALL, meeting__series__basin__code=basin)
    return found.values_list("version", "stage").first()


def walls_kept_by(user: User, basin: str | None) -> QuerySet[Wall]:
    """The walls of series that somebody keeps, those in preparation included."""
    kept = staff_queries.series_kept_by(user, basin)
    return Wall.objects.filter(meeting__series__in=kept).select_related("meeting__series__basin")


# --- A phone ---------------------------------------------------------------------------------------


def new_token() -> str:
    """What a phone's cookie holds; it says nothing of its owner."""
    return secrets.token_urlsafe(18)


def digest_of(token: str) -> str:
    """What we keep of it."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(slots=True)
class Mine:
    """What a phone has on a wall: its post-its, and the groups it marked, by kind of point."""

    post_its: list[PostIt] = field(default_factory=list)
    marked: dict[str, set[int]] = field(default_factory=lambda: {"P": set(), "S": set()})


def mine(wall: Wall, token: str) -> Mine:
    """Two queries; none for a phone that has not come before."""
    if not token:
        return Mine()
    digest = digest_of(token)
    if wall.state in {WallState.WRITING, WallState.SORTING}:
        return Mine(list(wall.post_its.filter(phone__digest=digest).order_by("number")))
    found = Mine()
    for kind, cluster in Point.objects.filter(phone__digest=digest, phone__wall=wall).values_list("kind", "cluster"):
        found.marked[kind].add(cluster)
    return found


# --- The wall --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Group:
    """A cluster with its post-its and, once they are shown, its ranks (0: nobody gave it a point)."""

    cluster: Cluster | None
    post_its: list[PostIt] = field(default_factory=list)
    priority: int = 0
    support: int = 0


@dataclass(slots=True)
class Shown:
    """A wall as it hangs there: its groups, those that matter most first once ranks are shown."""

    groups: list[Group]
    loose: list[PostIt]
    post_its: int
    phones: int


def shown(wall: Wall, *, with_hidden: bool = False) -> Shown:
    """Three queries, one more once ranks are shown."""
    groups = {cluster.pk: Group(cluster) for cluster in wall.clusters.all()}
    loose: list[PostIt] = []
    number = 0
    for post_it in wall.post_its.all() if with_hidden else wall.post_its.filter(hidden_at=None):
        number += post_it.hidden_at is None
        (groups[post_it.cluster_id].post_its if post_it.cluster_id in groups else loose).append(post_it)
    if wall.state == WallState.SHOWN:
        ranked = ranks(wall)
        for pk, group in groups.items():
            group.priority = ranked[PointKind.PRIORITY].get(pk, 0)
            group.support = ranked[PointKind.SUPPORT].get(pk, 0)
    return Shown(in_order(list(groups.values())), loose, number, Phone.objects.filter(wall=wall).count())


def in_order(groups: list[Group]) -> list[Group]:
    """By P rank, then by S rank, what has none last; those alike stay as the team put them."""
    last = len(groups) + 1
    return sorted(groups, key=lambda group: (group.priority or last, group.support or last))


def ranks(wall: Wall) -> dict[PointKind, dict[int, int]]:
    """Per kind of point the rank of each cluster that has one: 1, 2, 2, 4. Within this wall alone; no count leaves."""
    return ranks_of(counted(wall.clusters.all()))


def counted(clusters: QuerySet[Cluster]) -> QuerySet[Cluster]:
    """With the points of each kind, for :func:`ranks_of` and for nobody else."""
    return clusters.annotate(
        **{f"points_{kind}": Count("points", filter=Q(points__kind=kind)) for kind in PointKind.values}
    )


def ranks_of(clusters: Iterable[Cluster]) -> dict[PointKind, dict[int, int]]:
    """The same of :func:`counted` clusters of one wall."""
    clusters = list(clusters)
    found = {}
    for kind in PointKind:
        numbers = {cluster.pk: getattr(cluster, f"points_{kind.value}") for cluster in clusters}
        found[kind] = {
            pk: 1 + sum(other > number for other in numbers.values()) for pk, number in numbers.items() if number
        }
    return found


def ranked(clusters: Iterable[Cluster]) -> list[Group]:
    """:func:`counted` clusters of one wall with their ranks, what matters most first."""
    clusters = list(clusters)
    found = ranks_of(clusters)
    return in_order(
        [
            Group(
                cluster,
                priority=found[PointKind.PRIORITY].get(cluster.pk, 0),
                support=found[PointKind.SUPPORT].get(cluster.pk, 0),
            )
            for cluster in clusters
        ]
    )
