"""The words of the directory that code decides by; what staff name themselves is a taxonomy."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganizationKind(models.TextChoices):
    """Independents stand in the directory as well as organisations."""

    ORGANISATION = "organisation", _("organisation")
    INDEPENDENT = "independent", _("independent professional")
    PRACTICE = "practice", _("group practice")


class ServiceKind(models.TextChoices):
    """What a record is about. The taxonomy *kinds* holds their words and synonyms, under the same codes."""

    SERVICE = "service", _("service")
    PHONE_LINE = "phone_line", _("phone line")
    WELCOME_POINT = "welcome_point", _("welcome point")
    EXCHANGE_SPACE = "exchange_space", _("exchange space")
    HEALTH_PROMOTION = "health_promotion", _("health-promotion activity")
    TRAINING = "training", _("training")
    PRACTICE = "practice", _("practice or tool worth copying")
    RIGHT = "right", _("right or benefit")
    REPORTING_POINT = "reporting_point", _("reporting point")


class RecordStatus(models.TextChoices):
    """As HSDS has it, letter by letter."""

    ACTIVE = "active", _("active")
    INACTIVE = "inactive", _("not active")
    DEFUNCT = "defunct", _("has ended")
    TEMPORARILY_CLOSED = "temporarily closed", _("closed for a time")


class Visibility(models.TextChoices):
    """Who may see a record; see `queries.services_for`."""

    PUBLIC = "public", _("everybody")
    PROFESSIONALS = "professionals", _("professionals only")
    ON_REFERRAL = "on_referral", _("on referral only")


class Price(models.TextChoices):
    """What it costs the person, as one word to filter by."""

    FREE = "free", _("free of charge")
    INSURED = "insured", _("paid back by the health insurance")
    BY_INCOME = "by_income", _("according to income")
    PAID = "paid", _("to be paid")


class CareLine(models.TextChoices):
    """Line of care, from the street to the hospital."""

    HALF = "0.5", _("line 0.5: low threshold")
    FIRST = "1", _("first line")
    ONE_AND_HALF = "1.5", _("line 1.5: support of the first line")
    SECOND = "2", _("second line")


class Authority(models.TextChoices):
    """Who recognises a service; kept only where it changes who has access."""

    COCOF = "cocof", "COCOF"
    COCOM = "cocom", "COCOM / GGC"
    VGC = "vgc", "VGC"
    FWB = "fwb", _("French Community")
    FLANDERS = "vg", _("Flemish Community")
    FEDERAL = "federal", _("federal State")
    MUNICIPAL = "municipal", _("municipality or public social welfare centre")


class ExchangeMode(models.TextChoices):
    """How professionals meet in an exchange space."""

    INTERVISION = "intervision", _("intervision")
    SUPERVISION = "supervision", _("supervision")
    IMMERSION = "immersion", _("immersion")
    TALKING_GROUP = "talking_group", _("talking group")
    OTHER = "other", _("other form")


class ExchangeFormat(models.TextChoices):
    """Whether an exchange space adapts to who asks."""

    MODULAR = "modular", _("adapted on request")
    FIXED = "fixed", _("fixed beforehand")


class Frequency(models.TextChoices):
    """How often something takes place."""

    WEEKLY = "weekly", _("every week")
    MONTHLY = "monthly", _("every month")
    QUARTERLY = "quarterly", _("every three months")
    YEARLY = "yearly", _("every year")
    ONCE = "once", _("once")
    ON_REQUEST = "on_request", _("on request")


class PhoneKind(models.TextChoices):
    """As HSDS proposes, after RFC 6350."""

    VOICE = "voice", _("phone")
    MOBILE = "cell", _("mobile phone")
    TEXT = "text", _("text messages")
    FAX = "fax", _("fax")
    VIDEO = "video", _("video")
    TEXTPHONE = "textphone", _("textphone")


class LocationKind(models.TextChoices):
    """As HSDS has it."""

    PHYSICAL = "physical", _("a place one can go to")
    POSTAL = "postal", _("a postal address")
    VIRTUAL = "virtual", _("on line")


class AccessFeature(models.TextChoices):
    """What makes a place accessible."""

    STEP_FREE = "step_free", _("step-free entrance")
    LIFT = "lift", _("lift")
    TOILET = "toilet", _("adapted toilet")
    PARKING = "parking", _("parking for people with a disability")
    HEARING_LOOP = "hearing_loop", _("induction loop")
    TACTILE = "tactile", _("tactile guidance")
    QUIET = "quiet", _("quiet room")
    OTHER = "other", _("other arrangement")


class TaxonomyCode(models.TextChoices):
    """The taxonomies that code knows; staff may add others."""

    THEMES = "themes", _("Themes")
    AUDIENCES = "audiences", _("Audiences")
    SECTORS = "sectors", _("Sectors")
    LANGUAGES = "languages", _("Languages")
    KINDS = "kinds", _("Kinds")


class ScheduleFrequency(models.TextChoices):
    """As HSDS (RFC 5545) has it; empty means no rhythm (see ``Schedule``)."""

    WEEKLY = "WEEKLY", _("weekly")
    MONTHLY = "MONTHLY", _("monthly")


class TextState(models.TextChoices):
    """One language of a text beside the other."""

    MISSING = "missing", _("missing")
    PRESENT = "present", pgettext_lazy("text", "present")
    OUTDATED = "outdated", _("out of date")


class Origin(models.TextChoices):
    """Where a value came from. What people wrote is never overwritten by an import."""

    HERE = "here", _("written here")
    ORGANISATION = "organisation", _("said by the organisation")
    SOURCE = "source", _("imported")
    PROGRAM = "program", _("written by a program")


class RecordKind(models.TextChoices):
    """What can be named, changed and removed on its own."""

    ORGANIZATION = "organization", _("organisation")
    SERVICE = "service", _("service")
    LOCATION = "location", _("place")
    SERVICE_AT_LOCATION = "service_at_location", _("service at a place")
    TAXONOMY = "taxonomy", _("taxonomy")
    TERM = "taxonomy_term", _("term")


class ChangeAction(models.TextChoices):
    """What was done to a record."""

    CREATED = "created", pgettext_lazy("change of a record", "created")
    EDITED = "edited", _("edited")
    CONFIRMED = "confirmed", _("confirmed as still right")
    MERGED = "merged", _("merged")
    REMOVED = "removed", _("removed")
    RESTORED = "restored", _("restored")
    PERSONS = "persons", _("persons to turn to changed")


class GoneReason(models.TextChoices):
    """Why the public can no longer see a record."""

    REMOVED = "removed", _("removed")
    MERGED = "merged", _("merged")
    HIDDEN = "hidden", _("no longer public")


class TagGroup(models.IntegerChoices):
    """What a tag of a search entry is about; see `tags`. The territory served goes by postcode.

    A municipality does not give the basin, the City of Brussels lies in three of them; the parts
    that people know by their postcode do. ``SERVED_BASIN`` 0 is the whole Region.
    """

    KIND = 1, _("Kind")
    TERM = 2, _("Term")
    SERVED_BASIN = 3, _("Basin served")
    SERVED_POSTCODE = 4, _("Place served")
    LANGUAGE = 5, _("Language")
    PRICE = 6, _("Price")
    FLAG = 7, _("Criterion")


class Flag(models.IntegerChoices):
    """Criteria that are met or not."""

    STEP_FREE = 1, _("step-free access")
    NO_APPOINTMENT = 2, _("without an appointment")
    NO_REQUEST = 3, _("without having to explain a request")
    NO_PAPERS = 4, _("without papers")
    NO_PAYMENT = 5, _("without payment")
    HOME_VISITS = 6, _("home visits")
    OUTREACH = 7, _("outreach")
    GOES_ALONG = 8, _("goes along with the person")
    INTERPRETER = 9, _("interpreter")
    HAS_PLACES = 10, _("has places")
    EVENINGS = 11, _("open in the evening")
    WEEKENDS = 12, _("open at the weekend")
    ROUND_THE_CLOCK = 13, _("day and night")
    LOW_THRESHOLD = 14, _("low threshold")
    OPEN_NOW = 15, _("open now")


class MissedVerdict(models.TextChoices):
    """Why something was not found, once a colleague has looked."""

    UNKNOWN = "unknown", _("exists, but is not known or not found")
    AREA = "area", _("exists, but not for this area")
    PLACES = "places", _("exists, but has too few places")
    UNFIT = "unfit", _("exists, but is not what people expect")
    NO_OFFER = "no_offer", _("does not exist")


class CorrectionState(models.TextChoices):
    """What became of a reader's words."""

    RECEIVED = "received", _("received")
    DONE = "done", _("put right")
    DISMISSED = "dismissed", _("not taken over")


class LikenessReason(models.TextChoices):
    """What a row of a list has in common with a record that stands here."""

    IDENTIFIER = "identifier", _("the same number")
    PHONE = "phone", _("the same phone")
    NAME = "name", _("a name that is alike")
    ADDRESS = "address", _("an address that is alike")


class DoubleVerdict(models.TextChoices):
    """What somebody decided of a row that is like a record."""

    OPEN = "open", _("to be decided")
    SAME = "same", _("the same")
    DIFFERENT = "different", _("something else")


class CrisisKind(models.TextChoices):
    """The crises that have a guided way of their own; an empty value is no crisis."""

    DANGER_TO_LIFE = "danger_to_life", _("danger to life")
    PSYCHIC = "psychic", _("psychic crisis")
    NO_ROOF = "no_roof", _("no roof tonight")
    VIOLENCE = "violence", _("violence")
    CHILD = "child", _("a child in danger")
    OTHER = "other", _("another crisis")


class CallTime(models.TextChoices):
    """When a number of a guided way answers."""

    ALWAYS = "always", _("day and night")
    OUT_OF_HOURS = "out_of_hours", _("evenings, nights, weekends and public holidays")
    OFFICE_HOURS = "office_hours", _("Monday to Friday, 9:00 to 17:00")
    UNKNOWN = "unknown", _("hours not known")
