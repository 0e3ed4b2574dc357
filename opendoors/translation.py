"""Which fields stand in French and in Dutch. A host's name does not: organisations keep their own."""

from modeltranslation.translator import TranslationOptions, register

from opendoors.models import Edition, Host, PastEdition, Place


@register(Edition)
class EditionTranslation(TranslationOptions):
    fields = ("name", "intro", "call_text")


@register(Host)
class HostTranslation(TranslationOptions):
    fields = ("description", "welcome")


@register(Place)
class PlaceTranslation(TranslationOptions):
    fields = ("street", "directions")


@register(PastEdition)
class PastEditionTranslation(TranslationOptions):
    fields = ("name",)
