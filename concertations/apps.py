from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConcertationsConfig(AppConfig):
    name = "concertations"
    verbose_name = _("Concertations")
