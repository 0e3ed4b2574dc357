"""Pages that every site has: included twice, for the Region (no basin) and under a basin's slug."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from basins.web import views
from core import jobs_web

urlpatterns = [
    path("", views.home, name="home"),
    path(_("calendar/"), views.agenda, name="agenda"),
    path(_("calendar.ics"), views.agenda_feed, name="agenda_feed"),
    path(_("search/"), views.search, name="search"),
    path(_("news/"), views.news, name="news"),
    path(_("news/<uuid:uuid>/"), views.news_item, name="news_item"),
    path(_("which-basin/"), views.find_basin, name="find_basin"),
    path(_("my-space/"), views.my_space, name="my_space"),
    path(_("accessibility/"), views.accessibility, name="accessibility"),
    path(_("privacy/"), views.privacy, name="privacy"),
    path(_("jobs/<uuid:uuid>/"), jobs_web.job_page, name="job"),
    path(_("jobs/<uuid:uuid>/progress/"), jobs_web.job_fragment, name="job_fragment"),
    path(_("jobs/<uuid:uuid>/stop/"), jobs_web.job_stop, name="job_stop"),
    path(_("jobs/<uuid:uuid>/file/"), jobs_web.job_file, name="job_file"),
]
