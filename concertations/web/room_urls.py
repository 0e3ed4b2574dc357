"""Addresses of what happens in the room: walls by their code, workshops to choose; and the team's pages of both."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from concertations.web import choose, staff_tables, staff_wall, wall

PUBLIC_URLS = {"wall_enter", "wall", "wall_now", "wall_screen", "wall_screen_now", "choose"}

urlpatterns = [
    # Short, for it is typed from a screen.
    path(_("wall/"), wall.enter, name="wall_enter"),
    path(_("wall/<str:code>/"), wall.phone, name="wall"),
    path(_("wall/<str:code>/now/"), wall.phone_now, name="wall_now"),
    path(_("wall/<str:code>/screen/"), wall.screen, name="wall_screen"),
    path(_("wall/<str:code>/screen/now/"), wall.screen_now, name="wall_screen_now"),
    path(_("choose/<uuid:seating>/"), choose.choose, name="choose"),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/tables/"), staff_tables.tables, name="staff_tables"),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/tables/new/"), staff_tables.tables_new, name="staff_tables_new"
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/tables/<uuid:seating>/"),
        staff_tables.seating,
        name="staff_seating",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/tables/<uuid:seating>/edit/"),
        staff_tables.edit,
        name="staff_seating_edit",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/tables/<uuid:seating>/remove/"),
        staff_tables.remove,
        name="staff_seating_remove",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/tables/<uuid:seating>/on-paper/"),
        staff_tables.paper,
        name="staff_seating_paper",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/tables/<uuid:seating>/choices/"),
        staff_tables.choices,
        name="staff_seating_choices",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/tables/<uuid:seating>/choices/<uuid:participant>/"),
        staff_tables.choice,
        name="staff_seating_choice",
    ),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/walls/"), staff_wall.list_of_walls, name="staff_walls"),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/walls/new/"), staff_wall.new, name="staff_wall_new"),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/walls/<uuid:wall>/"), staff_wall.desk, name="staff_wall"),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/walls/<uuid:wall>/edit/"),
        staff_wall.edit,
        name="staff_wall_edit",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/walls/<uuid:wall>/remove/"),
        staff_wall.remove,
        name="staff_wall_remove",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/walls/<uuid:wall>/groups/<uuid:cluster>/"),
        staff_wall.group,
        name="staff_wall_group",
    ),
]
