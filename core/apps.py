from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Mails, jobs, webhooks")

    def ready(self) -> None:
        # Letters, jobs and events are found by name: see core.mail.letter, core.jobs.work and core.webhooks.event.
        autodiscover_modules("emails", "jobs", "hooks")
