"""Which fields stand in French and in Dutch. What participants write keeps its own language."""

from modeltranslation.translator import TranslationOptions, register

from concertations.models import (
    Action,
    AgendaItem,
    Cluster,
    CommunityCycle,
    Consultation,
    ConsultationPart,
    ConsultationStatement,
    Document,
    Meeting,
    MinutesPoint,
    MinutesSection,
    Seating,
    Series,
    SharedNews,
    Subject,
    Theme,
    Wall,
)


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


@register(Seating)
class SeatingTranslation(TranslationOptions):
    fields = ("title",)


@register(Subject)
class SubjectTranslation(TranslationOptions):
    fields = ("title",)


@register(Wall)
class WallTranslation(TranslationOptions):
    fields = ("question",)


@register(Cluster)
class ClusterTranslation(TranslationOptions):
    fields = ("title",)


# --- Minutes and consultations -------------------------------------------------------------------


@register(MinutesSection)
class MinutesSectionTranslation(TranslationOptions):
    fields = ("title",)


@register(MinutesPoint)
class MinutesPointTranslation(TranslationOptions):
    fields = ("text",)


@register(Action)
class ActionTranslation(TranslationOptions):
    fields = ("text", "outcome")


@register(SharedNews)
class SharedNewsTranslation(TranslationOptions):
    fields = ("title", "body")


@register(Consultation)
class ConsultationTranslation(TranslationOptions):
    fields = ("title",)


@register(ConsultationPart)
class ConsultationPartTranslation(TranslationOptions):
    fields = ("title", "words", "definition")


@register(ConsultationStatement)
class ConsultationStatementTranslation(TranslationOptions):
    fields = ("text",)
