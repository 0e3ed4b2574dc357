"""Which fields stand in French and in Dutch. Names do too: many organisations have one in each."""

from modeltranslation.translator import TranslationOptions, register

from directory.models import (
    Accessibility,
    Contact,
    CostOption,
    GuidedWay,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    SavedList,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    Source,
    Taxonomy,
    TaxonomyTerm,
    Url,
    WayStep,
)


@register(Organization)
class OrganizationTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Location)
class LocationTranslation(TranslationOptions):
    fields = ("name", "street", "city", "transport")


@register(Service)
class ServiceTranslation(TranslationOptions):
    fields = (
        "name",
        "short_description",
        "description",
        "alert",
        "how_to_refer",
        "who_may_refer",
        "eligibility",
        "refusal_grounds",
        "interpretation",
        "fees",
        "accreditations",
    )


@register(Taxonomy)
@register(TaxonomyTerm)
class TermTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Accessibility)
@register(Phone)
@register(Schedule)
@register(ServiceAtLocation)
class DescriptionTranslation(TranslationOptions):
    fields = ("description",)


@register(Contact)
class ContactTranslation(TranslationOptions):
    fields = ("function", "department", "problem")


@register(Language)
@register(ServiceCapacity)
class NoteTranslation(TranslationOptions):
    fields = ("note",)


@register(CostOption)
class CostOptionTranslation(TranslationOptions):
    fields = ("option", "note")


@register(RequiredDocument)
class RequiredDocumentTranslation(TranslationOptions):
    fields = ("document",)


@register(Url)
class UrlTranslation(TranslationOptions):
    fields = ("label",)


@register(Source)
class SourceTranslation(TranslationOptions):
    fields = ("name",)


@register(SavedList)
class SavedListTranslation(TranslationOptions):
    fields = ("title", "line")


@register(GuidedWay)
class GuidedWayTranslation(TranslationOptions):
    fields = ("title", "lead")


@register(WayStep)
class WayStepTranslation(TranslationOptions):
    fields = ("question", "words")
