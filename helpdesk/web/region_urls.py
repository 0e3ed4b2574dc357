"""The helpdesk on the Region's pages: one form for all five basins, the postcode says which of them answers."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from helpdesk.web import asking, examples, public_figures, volunteer

PUBLIC_URLS = {"ask", "suggestions", "examples", "example", "public_figures", "volunteer"}

urlpatterns = [
    path(_("helpdesk/"), asking.ask, name="ask"),
    path(_("helpdesk/suggestions/"), asking.suggestions, name="suggestions"),
    path(_("helpdesk/figures/"), public_figures.figures, name="public_figures"),
    path(_("helpdesk/examples/"), examples.examples, name="examples"),
    path(_("helpdesk/examples/<uuid:example>/"), examples.example, name="example"),
    path(_("helpdesk/experts/"), volunteer.volunteer, name="volunteer"),
]
