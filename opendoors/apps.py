from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenDoorsConfig(AppConfig):
    name = "opendoors"
    verbose_name = _("Open-door weeks")
