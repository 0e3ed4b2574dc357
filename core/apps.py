from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Mails and jobs")

    def ready(self) -> None:
        # Letters and long jobs are found by name: see core.mail.letter and core.jobs.work.
        autodiscover_modules("emails", "jobs")
