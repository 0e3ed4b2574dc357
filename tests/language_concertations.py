"""The concertations for the walk through all pages in both languages; their rows: ``tests.concertations.world``."""

from __future__ import annotations

from tests.concertations import world_people
from tests.concertations.world import PAGES_WITH_ROWS

ANYBODY, STAFF = "anybody", "staff"

PAGES: dict[str, list[str]] = {
    "concertations:index": [ANYBODY],
    "concertations_region:index": [ANYBODY],
    "concertations_region:series": [ANYBODY],
    "concertations_region:meeting": [ANYBODY],
    **{f"concertations:{name}": [STAFF if name.startswith("staff_") else ANYBODY] for name in PAGES_WITH_ROWS},
    **{
        f"concertations:{name}": [STAFF if name.startswith("staff_") else ANYBODY]
        for name in world_people.PAGES_WITH_ROWS
    },
    **{f"concertations:{name}": [STAFF] for name in ("staff_index", "staff_series_new", "staff_save_the_date")},
}
# Addresses that show no page of their own, and why.
_NO_PAGE = {
    "series_calendar": "a calendar file",
    "meeting_calendar": "a calendar file",
    "document": "a file",
    "calendar": "a calendar file",
    "paper": "a file",
    **dict.fromkeys(("staff_registrations_csv", "staff_roster_csv"), "a table"),
    "staff_sheet": "leads to a job",
    **dict.fromkeys(("agenda_pdf", "staff_save_the_date_slide"), "leads to a job"),
    **dict.fromkeys(("staff_meeting_step", "staff_agenda_usual", "staff_item_move"), "answers a button"),
}
_SAME = "a basin's page without the basin, walked there"
NO_PAGE: dict[str, str] = {
    **{f"concertations:{name}": why for name, why in _NO_PAGE.items()},
    **{f"concertations_region:{name}": why for name, why in _NO_PAGE.items()},
    **{
        name.replace("concertations:", "concertations_region:"): _SAME
        for name, readers in PAGES.items()
        if STAFF in readers
    },
    **{f"concertations_region:{name}": _SAME for name in world_people.PAGES_WITH_ROWS if not name.startswith("staff_")},
}
