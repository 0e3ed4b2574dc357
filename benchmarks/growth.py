"""Ten years of open-door weeks in one database: what a page of one edition costs beside them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence

from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from basins.enums import BasinCode
from basins.models import Basin, RoleGrant, User
from basins.rights import Role
from benchmarks.report import Table
from benchmarks.scene import Scene
from opendoors.enums import EditionState
from opendoors.models import BookedVisit, Booking, Edition, Host, Place, Visit, Visitor

EDITIONS, VISITS_EACH, BOOKINGS_EACH = 200, 50, 1000
ROUNDS = 25
FIRST_KEY = 10_000_000  # above every key that is there
CONTROL = "accessibility"
AT_MOST = 1.25


def measure(scene: Scene) -> list[Table]:
    """Each page's time beside that of a page without data, before and after the growth."""
    with override("fr"):
        pages = _pages(scene)
    client = signed_in()
    before = costs(client, pages)
    _grow()
    after = costs(client, pages)
    table = Table(
        "One edition beside ten years of them",
        ("page", "ms alone", "ms beside", "growth"),
        f"Beside: {EDITIONS * VISITS_EACH:,} visits and {EDITIONS * BOOKINGS_EACH:,} bookings more in the same tables. "
        f"Medians of {ROUNDS} requests in turn; growth is that of the ratio to a page without data.",
    )
    for name in pages:
        if name == CONTROL:
            continue
        growth = (after[name] / after[CONTROL]) / (before[name] / before[CONTROL])
        table.add(name, f"{before[name]:.1f}", f"{after[name]:.1f}", f"{growth:.2f}")
        table.goal(f"{name}: at most {AT_MOST} × what it costs alone", growth <= AT_MOST)
    return [table]


def _pages(scene: Scene) -> Mapping[str, str]:
    """The grid, the team's lists and the figures of the edition that was held, and a page without data."""
    held = Edition.objects.select_related("basin").get(state=EditionState.EVALUATED, slug="2024")
    of_edition = {"basin": held.basin.code, "slug": held.slug}
    return {
        CONTROL: reverse(CONTROL, kwargs={"basin": held.basin.code}),
        "grid": scene.path,
        "team: edition": reverse("opendoors:staff_edition", kwargs=of_edition),
        "team: hosts": reverse("opendoors:staff_hosts", kwargs=of_edition),
        "team: bookings": reverse("opendoors:staff_bookings", kwargs=of_edition),
        "team: waiting list": reverse("opendoors:staff_waiting", kwargs=of_edition),
        "team: the day": reverse("opendoors:staff_day", kwargs=of_edition),
        "team: evaluation": reverse("opendoors:staff_evaluation", kwargs=of_edition),
        "team: figures": reverse("opendoors:staff_figures", kwargs=of_edition),
        "public figures": reverse("opendoors:figures", kwargs=of_edition),
    }


def signed_in(email: str = "bench@bench.example") -> Client:
    """A colleague of the basin with the second factor used."""
    person = User.objects.create(email=email, name="Bench")
    basin = Basin.objects.get(code=BasinCode.SUD_EST)
    RoleGrant.objects.create(user=person, basin=basin, role=Role.COORDINATOR)
    factor = Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "unused"})
    client = Client(HTTP_HOST="localhost")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "id": factor.pk, "type": "totp"}]
    session["account_authentication_methods_user"] = user_id_to_str(person)
    session.save()
    return client


def costs(client: Client, pages: Mapping[str, str]) -> dict[str, float]:
    """Milliseconds per page, the pages asked for in turn; each was asked for once before."""
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(ROUNDS + 1):
        for name, path in pages.items():
            started = time.perf_counter()
            answer = client.get(path, secure=True)
            passed = time.perf_counter() - started
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            if number:
                taken[name].append(passed * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


def _grow() -> None:
    """Editions of other years and all that hangs on them, copied from rows that are there, in SQL."""
    key, day = str(FIRST_KEY), "date '2001-01-01'"
    starts = f"{day} + n / {VISITS_EACH} * 7 + mod(n, 5)"
    copies(
        Edition,
        EDITIONS,
        {
            "slug": "'grown-' || n",
            "starts_on": f"{day} + n * 7",
            "ends_on": f"{day} + n * 7 + 4",
            "basin_id": "(SELECT id FROM basins_basin ORDER BY id OFFSET mod(n, 5) LIMIT 1)",
            "state": "'evaluated'",
        },
    )
    of_visit = f"{key} + n / {VISITS_EACH}"
    copies(Host, EDITIONS * VISITS_EACH, {"edition_id": of_visit, "search_name": "'grown ' || n"})
    copies(Place, EDITIONS * VISITS_EACH, {"host_id": f"{key} + n"})
    copies(
        Visit,
        EDITIONS * VISITS_EACH,
        {
            "edition_id": of_visit,
            "host_id": f"{key} + n",
            "place_id": f"{key} + n",
            "starts_at": f"({starts} + time '09:00') AT TIME ZONE 'Europe/Brussels'",
            "ends_at": f"({starts} + time '10:30') AT TIME ZONE 'Europe/Brussels'",
            "seats": "30",
            "seats_taken": str(BOOKINGS_EACH // VISITS_EACH),
        },
    )
    people = EDITIONS * BOOKINGS_EACH
    copies(
        Visitor,
        people,
        {"edition_id": f"{key} + n / {BOOKINGS_EACH}", "email": "'grown' || n || '@bench.example'"},
    )
    copies(Booking, people, {"visitor_id": f"{key} + n", "reference": "'G' || n"})
    visit = f"{key} + n / {BOOKINGS_EACH} * {VISITS_EACH} + mod(n, {VISITS_EACH})"
    copies(BookedVisit, people, {"booking_id": f"{key} + n", "visit_id": visit})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def copies(model: type[models.Model], number: int, told: Mapping[str, str], *, first: int = 0) -> None:
    """``number`` copies of a row, numbered ``n`` from ``first``, with the columns that are ``told`` as SQL."""
    told = {"id": f"{FIRST_KEY} + n", "uuid": "gen_random_uuid()", **told}  # those that it has
    names: Sequence[str] = [str(field.column) for field in model._meta.concrete_fields]
    values = ", ".join(told.get(name, f"one.{connection.ops.quote_name(name)}") for name in names)
    columns = ", ".join(map(connection.ops.quote_name, names))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values}"  # noqa: S608 - names of our own models
            f" FROM (SELECT * FROM {table} ORDER BY id LIMIT 1) AS one, generate_series(%s, %s) AS n",
            [first, first + number - 1],
        )
