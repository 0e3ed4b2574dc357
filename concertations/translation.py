"""Which fields stand in French and in Dutch. What participants write keeps its own language."""

from modeltranslation.translator import TranslationOptions, register

from concertations.models import AgendaItem, CommunityCycle, Document, Meeting, Series, Theme


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("name",)


@register(Series)
class SeriesTranslation(TranslationOptions):
    fields = ("name", "intro")


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title", "intro", "place", "street", "directions", "cancel_note")


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ("title", "description")


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title",)


@register(CommunityCycle)
class CommunityCycleTranslation(TranslationOptions):
    fields = ("call", "commitment")
