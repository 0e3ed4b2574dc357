"""Tables and walls for the walk through all pages in both languages; their rows: ``tests.concertations.room_world``."""

from __future__ import annotations

from tests.concertations.room_world import BY_CODE, OF_A_SEATING, OF_A_WALL, OF_THE_MEETING, OF_WORKSHOPS

ANYBODY, STAFF = "anybody", "staff"
_NAMES = (*OF_THE_MEETING, *OF_A_SEATING, *OF_WORKSHOPS, *OF_A_WALL, *BY_CODE)

PAGES: dict[str, list[str]] = {
    "concertations:wall_enter": [ANYBODY],
    "concertations_region:wall_enter": [ANYBODY],
    **{f"concertations:{name}": [STAFF if name.startswith("staff_") else ANYBODY] for name in _NAMES},
}
# Addresses that show no page of their own, and why.
_NO_PAGE = {
    **dict.fromkeys(("wall_now", "wall_screen_now"), "a fragment, when there is something new"),
    "staff_seating_paper": "leads to a job",
}
NO_PAGE: dict[str, str] = {
    **{f"concertations:{name}": why for name, why in _NO_PAGE.items()},
    **{f"concertations_region:{name}": why for name, why in _NO_PAGE.items()},
    **dict.fromkeys(
        (f"concertations_region:{name}" for name in _NAMES), "a basin's page without the basin, walked there"
    ),
}
# What their addresses are made of, for `tests.test_languages.urls_of`.
SETS = [
    *(("slug", "meeting"), ("slug", "meeting", "seating"), ("slug", "meeting", "seating", "participant")),
    *(("slug", "meeting", "wall"), ("slug", "meeting", "wall", "cluster"), ("seating",)),
]
