"""Addresses of the questionnaire and of the figures, of everybody and of the team. Included into the mission's own."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from opendoors.web import evaluation, figures, staff_evaluation, staff_figures

# What the links in mails ask for, and what everybody may read of a week that is evaluated.
PUBLIC_URLS = {"evaluate", "evaluate_host", "figures", "figures_all"}

urlpatterns = [
    path(_("open-doors/figures/"), figures.figures_all, name="figures_all"),
    path(_("open-doors/<slug:slug>/figures/"), figures.figures, name="figures"),
    path(_("open-doors/booked/<str:token>/evaluation/"), evaluation.evaluate, name="evaluate"),
    path(_("open-doors/host/<str:token>/evaluation/"), evaluation.evaluate_host, name="evaluate_host"),
    path(_("team/open-doors/<slug:slug>/figures/"), staff_figures.figures, name="staff_figures"),
    path(_("team/open-doors/<slug:slug>/figures.csv"), staff_figures.figures_csv, name="staff_figures_csv"),
    path(_("team/open-doors/<slug:slug>/evaluation/"), staff_evaluation.evaluation, name="staff_evaluation"),
    path(
        _("team/open-doors/<slug:slug>/evaluation/<uuid:answer>/quote/"),
        staff_evaluation.quote,
        name="staff_answer_quote",
    ),
    path(
        _("team/open-doors/<slug:slug>/evaluation/<uuid:answer>/need/"),
        staff_evaluation.need,
        name="staff_answer_need",
    ),
]
