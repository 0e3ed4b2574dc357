"""What colleagues of the desk fill in. Each form gives the data its rule takes; the rule decides."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Basin, User
from basins.web.desk_forms import StaffForm
from core.bilingual import text
from core.widgets import PlainSelect
from directory.enums import TaxonomyCode
from directory.models import TaxonomyTerm
from directory.queries import terms_of
from helpdesk.enums import CLOSING_OUTCOMES, Profession, TicketKind
from helpdesk.models import Ticket
from helpdesk.rules.asking import BODY_AT_MOST, AskerData, RequestData
from helpdesk.rules.handling import Details
from helpdesk.rules.identity import masked
from helpdesk.web.forms import WordsField, postcode_in

LANGUAGES = [(Language.FR.value, _("French")), (Language.NL.value, _("Dutch"))]
NOT_SAID = [("", _("not said"))]


class TermField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy alone
    """A term of a taxonomy of the directory, by its name in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=TaxonomyTerm.objects.none(),
            to_field_name="code",
            empty_label=_("not said"),
            required=False,
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(text(obj, "name"))


class BasinField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy alone
    """A basin, by its name in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Basin.objects.all(), to_field_name="code", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(text(obj, "name"))


class CallForm(StaffForm):
    """A call while it lasts: what is asked, and who is called back. Nothing of the person it is about."""

    body = WordsField(
        label=_("What is asked?"),
        max_length=BODY_AT_MOST,
        help_text=_("The situation, not the person: no name, no birth date, no address, no national number."),
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
    )
    name = forms.CharField(label=_("Who calls"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Phone to call back"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    postcode = forms.CharField(
        label=_("Postcode of the person’s place"),
        max_length=60,
        required=False,
        help_text=_("It says which basin goes on with it. Empty: yours."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    language = forms.ChoiceField(label=_("Language of the answer"), choices=LANGUAGES, widget=forms.RadioSelect)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4

    def clean_postcode(self) -> str:
        return postcode_in(self.cleaned_data["postcode"])

    def asker(self) -> AskerData:
        data = self.cleaned_data
        return AskerData(name=data["name"], phone=data["phone"], email=data["email"], language=data["language"])

    def request(self, page: Basin, *, masks: bool) -> RequestData:
        """``masks``: what tells who the person is, is taken out first. ``page``: whose helpdesk was called."""
        data = self.cleaned_data
        known = {data["email"].lower()} if data["email"] else set()
        body = masked(data["body"], known=known) if masks else data["body"]
        return RequestData(body=body, postcode=data["postcode"], page=page)


class AskDocumentForm(StaffForm):
    """Which document who asked is asked for."""

    words = WordsField(
        label=_("Which document, and what for?"),
        help_text=_("Who asked gets this by mail and reads it on the page with the field for the file."),
        max_length=BODY_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class CompleteForm(StaffForm):
    """Everything about a ticket that is not said in its thread."""

    headings: ClassVar[Mapping[str, Any]] = {"subject": _("The question"), "name": _("Who asks")}

    subject = forms.CharField(label=_("Subject"), max_length=200)
    kind = forms.ChoiceField(label=_("What is asked for"), choices=TicketKind.choices, widget=PlainSelect)
    theme = TermField(label=_("Theme"))
    audience = TermField(label=_("For whom"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=160, required=False)
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    profession = forms.ChoiceField(
        label=_("Profession"), choices=[*NOT_SAID, *Profession.choices], required=False, widget=PlainSelect
    )
    language = forms.ChoiceField(label=_("Language of the answer"), choices=LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        asker = ticket.asker
        known = {"subject": ticket.subject, "kind": ticket.kind, "theme": ticket.theme, "audience": ticket.audience}
        names = ("name", "email", "phone", "organisation", "function", "profession", "language")
        initial = {**known, **{name: getattr(asker, name) for name in names}}
        super().__init__(*args, initial=initial, **kwargs)
        self.offer("theme", _with_own(terms_of(TaxonomyCode.THEMES), ticket.theme_id))
        self.offer("audience", _with_own(terms_of(TaxonomyCode.AUDIENCES), ticket.audience_id))

    def data_for_rule(self) -> Details:
        return Details(**self.cleaned_data)


def _with_own(terms: QuerySet[TaxonomyTerm], own: int | None) -> QuerySet[TaxonomyTerm]:
    """A term that is no longer offered stays where it was chosen."""
    return terms | TaxonomyTerm.objects.filter(pk=own).select_related("taxonomy", "parent") if own else terms


class RerouteForm(StaffForm):
    """Where the person lives, put right."""

    postcode = forms.CharField(
        label=_("Postcode of the person’s place"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    basin = BasinField(
        label=_("Basin"), required=False, empty_label=_("the one that the postcode says"), widget=PlainSelect
    )

    def clean_postcode(self) -> str:
        return postcode_in(self.cleaned_data["postcode"])


class HandOverForm(StaffForm):
    """To which helpdesk, and a word for the colleagues there."""

    basin = BasinField(label=_("To the helpdesk of"), empty_label=None, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("A word for the colleagues there"),
        max_length=300,
        required=False,
        help_text=_("It stays in the history. Who asked does not read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("basin", Basin.objects.exclude(pk=ticket.basin_id))


class CloseForm(StaffForm):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[(each.value, each.label) for each in CLOSING_OUTCOMES],
        widget=forms.RadioSelect,
    )
    need_title = forms.CharField(
        label=_("No answer exists: what is missing?"),
        max_length=200,
        required=False,
        help_text=_("In a few words. It goes into the basin’s list of needs, without anything about who asked."),
    )
    words = WordsField(
        label=_("A last word to who asked"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class MergeForm(StaffForm):
    """Into which ticket: one that the same person asked, or another one by its code."""

    same = forms.ChoiceField(label=_("Asked by the same person"), required=False, widget=forms.RadioSelect)
    into = forms.CharField(
        label=_("Code of the ticket it goes into"), max_length=12, required=False, help_text=_("For example K7QM4TWX.")
    )

    def __init__(self, *args: Any, same: Iterable[Ticket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.code, f"{each.code} · {each.subject}") for each in same]
        if choices:
            self.offer("same", choices)
        else:
            del self.fields["same"]

    def clean(self) -> dict[str, Any]:
        """``into`` is the code: what is typed comes before what is ticked."""
        data = super().clean() or {}
        data["into"] = str(data.get("into") or data.get("same") or "").strip().upper()
        if not data["into"] and not self.errors:
            self.add_error("into", _("Write the code, or choose a ticket."))
        return data


class WordsForm(StaffForm):
    """A note among colleagues, or what who asked said on the phone."""

    body = WordsField(label=_("Words"), max_length=BODY_AT_MOST, widget=forms.Textarea(attrs={"rows": 3}))


class AssignForm(StaffForm):
    """Who takes it in hand."""

    to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Who takes it in hand"),
        to_field_name="uuid",
        empty_label=None,
        widget=PlainSelect,
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("to", User.objects.filter(pk__in=[user.pk for user in people]).order_by("name", "email"))
