"""Addresses of the helpdesk, under a basin's slug."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from helpdesk.web import asking, documents, examples, expert_urls, public_figures, tickets

# The form, what the link in one's own mail leads to, and what is for everybody.
PUBLIC_URLS = {
    *("ask", "suggestions", "ticket", "helped", "place", "document"),
    *("examples", "example", "public_figures", "public_figures_pdf"),
    *expert_urls.PUBLIC_URLS,
}

urlpatterns = [
    path(_("helpdesk/"), asking.ask, name="ask"),
    path(_("helpdesk/suggestions/"), asking.suggestions, name="suggestions"),
    path(_("helpdesk/figures/"), public_figures.figures, name="public_figures"),
    path(_("helpdesk/figures/<str:month>.pdf"), public_figures.figures_pdf, name="public_figures_pdf"),
    path(_("helpdesk/examples/"), examples.examples, name="examples"),
    path(_("helpdesk/examples/<uuid:example>/"), examples.example, name="example"),
    path(_("helpdesk/question/<str:token>/"), tickets.ticket, name="ticket"),
    path(_("helpdesk/question/<str:token>/helped/"), tickets.helped, name="helped"),
    path(_("helpdesk/question/<str:token>/place/"), tickets.place, name="place"),
    path(_("helpdesk/question/<str:token>/document/"), documents.document, name="document"),
    path("", include("helpdesk.web.expert_urls")),
    path("", include("helpdesk.web.staff_expert_urls")),
    path("", include("helpdesk.web.staff_urls")),
]
