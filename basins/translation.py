"""Which fields stand in French and in Dutch."""

from modeltranslation.translator import TranslationOptions, register

from basins.models import Basin, Municipality, Need, Neighbourhood, NewsItem, PostcodeArea


@register(Basin)
class BasinTranslation(TranslationOptions):
    fields = ("name", "intro", "helpdesk_email")


@register(Municipality)
class MunicipalityTranslation(TranslationOptions):
    fields = ("name",)


@register(Neighbourhood)
class NeighbourhoodTranslation(TranslationOptions):
    fields = ("name",)


@register(PostcodeArea)
class PostcodeAreaTranslation(TranslationOptions):
    fields = ("note",)


@register(NewsItem)
class NewsItemTranslation(TranslationOptions):
    fields = ("title", "summary", "body")


@register(Need)
class NeedTranslation(TranslationOptions):
    fields = ("title", "description", "outcome")
