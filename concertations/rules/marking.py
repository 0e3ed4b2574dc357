"""Points: three P and three S per phone, each on another group. They are counted for the order and for nothing else.

Points of different walls are never added up: each question has its own order (method of the consultation of 2019).
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concertations.enums_tables import PointKind, WallState
from concertations.errors import WallClosed, WallError
from concertations.models import Cluster, Point, Wall
from concertations.models.wall import POINTS_EACH
from concertations.rules.post_its import phone_of
from concertations.rules.walls import locked


@transaction.atomic
def mark(*, wall: Wall, digest: str, priority: Collection[Cluster], support: Collection[Cluster]) -> None:
    """A phone's points, all at once; said again they replace those before. Locks the wall.

    Raises ``WallClosed`` when it is not the time, ``WallError`` for more than three of a kind or a group of
    another wall.
    """
    wall = locked(wall)
    if wall.state != WallState.MARKING:
        raise WallClosed(_("The wall takes no points now."))
    own = set(wall.clusters.values_list("pk", flat=True))
    for kind, clusters in ((PointKind.PRIORITY, priority), (PointKind.SUPPORT, support)):
        field = str(kind.value)
        keys = [cluster.pk for cluster in clusters]
        if len(set(keys)) < len(keys) or not own.issuperset(keys):
            raise WallError(_("Choose groups of this wall, each once."), field=field)
        if len(keys) > POINTS_EACH:
            raise WallError(_("You have three points of each kind: take some away."), field=field)
    phone = phone_of(wall, digest)
    phone.points.all().delete()
    Point.objects.bulk_create(
        Point(phone=phone, kind=kind, number=number, cluster=cluster)
        for kind, clusters in ((PointKind.PRIORITY, priority), (PointKind.SUPPORT, support))
        for number, cluster in enumerate(clusters, start=1)
    )
