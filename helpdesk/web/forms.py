"""What somebody fills in who asks: 90 seconds. There is no field for the person whom it is for, on purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from basins.models import Basin
from basins.territory import territory
from basins.web.forms import plain_line
from core.bilingual import current_language
from core.errors import RuleError
from core.widgets import KeptSelect
from directory import queries as directory_queries
from directory.enums import TaxonomyCode
from directory.models import TaxonomyTerm
from helpdesk.enums import Helped, Profession, TicketKind
from helpdesk.rules.asking import BODY_AT_MOST, AskerData, RequestData
from helpdesk.rules.replying import WORDS_AT_MOST

TOO_LONG = _("This is too long: at most %(limit_value)d characters.")


def _basins() -> list[tuple[str, Any]]:
    return [("", _("The one that the postcode says")), *((basin.code, basin.name) for basin in territory().basins)]


def _professions() -> list[tuple[str, Any]]:
    return [("", _("Choose…")), *Profession.choices]


def _terms(code: TaxonomyCode) -> list[tuple[str, Any]]:
    """The broad terms of a taxonomy: a list that can be read in a moment."""
    rows = directory_queries.terms_of(code).filter(parent=None)
    return [("", _("Choose…")), *((str(row.uuid), str(row)) for row in rows)]


_POSTCODE = re.compile(r"(?<!\d)\d\s?\d{3}(?!\d)")


def postcode_in(written: str) -> str:
    """The postcode in what people write ("1150 Woluwe-Saint-Pierre", "B-1 150"); where there is none, all of it."""
    line = plain_line(written)
    found = _POSTCODE.search(line)
    return found[0].replace(" ", "") if found else line


class WordsField(forms.CharField):
    """Words of some length. The browser cuts off nothing that is pasted: it comes back whole, said to be too long."""

    widget = forms.Textarea

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class RefusalForm(forms.Form):
    """Shows why a rule refused, at the field where there is one."""

    def add_refusal(self, error: RuleError) -> None:
        self.add_error(error.field if error.field in self.fields else None, str(error.message))


class AskForm(RefusalForm):
    """What, for which place, and who asks. Only the first and the last are required."""

    once = forms.UUIDField(required=False, widget=forms.HiddenInput)
    body = WordsField(
        label=_("What are you looking for, and in what situation?"),
        help_text=_(
            "For example: psychological support at home for an old couple who cannot go out. "
            "Say also what is in the way."
        ),
        max_length=BODY_AT_MOST,
        error_messages={"required": _("Say what you are looking for."), "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    postcode = forms.CharField(
        label=_("Postcode where the person lives"),
        help_text=_("The helpdesk of that basin answers."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "1050", "size": 6}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your work e-mail"),
        help_text=_("The answer goes there."),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address, for example name@service.be"),
            "invalid": _("Write your e-mail address, for example name@service.be"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    basin = forms.ChoiceField(
        label=_("Basin"),
        choices=_basins,
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    kind = forms.ChoiceField(
        label=_("What should the helpdesk do?"),
        choices=TicketKind.choices,
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
        widget=KeptSelect(default=TicketKind.QUESTION),
    )
    theme = forms.ChoiceField(
        label=_("Theme"), required=False, error_messages={"invalid_choice": _("Choose from the list.")}
    )
    audience = forms.ChoiceField(
        label=_("For whom, in general"), required=False, error_messages={"invalid_choice": _("Choose from the list.")}
    )
    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    profession = forms.ChoiceField(
        label=_("Your profession"),
        required=False,
        choices=_professions,
        error_messages={"invalid_choice": _("Choose from the list.")},
        widget=KeptSelect,
    )
    phone = forms.CharField(
        label=_("Your phone number"),
        help_text=_("If you would rather be called back."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    MORE = ("basin", "kind", "theme", "audience", "organisation", "profession", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = _terms(TaxonomyCode.THEMES)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["audience"].choices = _terms(TaxonomyCode.AUDIENCES)  # type: ignore[attr-defined]  # the same

    @property
    def first(self) -> list[forms.BoundField]:
        """What everybody sees at once."""
        return [self[name] for name in ("body", "postcode", "name", "email")]

    @property
    def more(self) -> list[forms.BoundField]:
        """What helps, and may be left out."""
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        """Whether something stands there: filled in, or to be put right."""
        return any(field.errors or field.value() for field in self.more if field.name != "kind")

    @staticmethod
    def fresh_key() -> UUID:
        """What tells one sending from another."""
        return uuid4()

    def clean_postcode(self) -> str:
        return postcode_in(self.cleaned_data["postcode"])

    def for_rule(self, page: Basin | None) -> dict[str, Any]:
        """What :func:`helpdesk.rules.asking.ask` is given."""
        data = self.cleaned_data
        return {
            "asker": AskerData(
                language=current_language(),
                **{name: data[name] for name in ("name", "email", "phone", "organisation", "profession")},
            ),
            "request": RequestData(
                body=data["body"],
                kind=data["kind"] or TicketKind.QUESTION,
                postcode=data["postcode"],
                basin=Basin.objects.filter(code=data["basin"]).first() if data["basin"] else None,
                page=page,
                theme=_term(data["theme"]),
                audience=_term(data["audience"]),
            ),
            "once": data["once"],
        }


class ReplyForm(RefusalForm):
    """A further word of who asked."""

    body = WordsField(
        label=_("Your reply"),
        help_text=_("No name, no birth date, no address, no number of the person, please."),
        max_length=BODY_AT_MOST,
        error_messages={"required": _("Write your reply."), "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class DocumentForm(RefusalForm):
    """The one file that the helpdesk asked for."""

    file = forms.FileField(
        label=_("Your document"),
        help_text=_("One PDF, JPEG, PNG or DOCX, at most 5 MB. Its name is not kept."),
        allow_empty_file=True,  # the rule says so, like all that is wrong with a file
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.docx"}),
    )


class HelpedForm(RefusalForm):
    """Did it help?"""

    helped = forms.ChoiceField(
        label=_("Your opinion"),
        choices=Helped.choices,
        error_messages={"required": _("Choose one of the three."), "invalid_choice": _("Choose one of the three.")},
        widget=forms.RadioSelect,
    )
    words = WordsField(
        label=_("What worked, or what did not?"),
        max_length=WORDS_AT_MOST,
        required=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlaceForm(RefusalForm):
    """Where the person lives, put right by who asked."""

    postcode = forms.CharField(
        label=_("Postcode where the person lives"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )
    basin = forms.ChoiceField(
        label=_("Basin"),
        choices=_basins,
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def clean_postcode(self) -> str:
        return postcode_in(self.cleaned_data["postcode"])


def chosen_terms(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Theme and audience of a form that may be half filled in, by code; what names no term is left out."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ("theme", "audience"):
        with suppress(ValueError):
            row = TaxonomyTerm.objects.filter(uuid=UUID(str(given.get(name, "")))).first()
            found |= {name: (row.code,)} if row is not None else {}
    return found


def _term(identifier: str) -> TaxonomyTerm | None:
    return TaxonomyTerm.objects.filter(uuid=identifier).first() if identifier else None
