"""The team's forms of seatings: what is planned, and what is put right by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from basins.web.desk_forms import StaffForm
from concertations.enums_tables import AT_TABLES, SeatingKind
from concertations.models import Participant, Seating, Subject
from concertations.models.tables import ROUNDS_AT_MOST, SEED_AT_MOST, TABLE_AT_LEAST, TABLE_AT_MOST
from concertations.queries_tables import subjects_of
from concertations.rules.seating_plans import SeatingData, SubjectData
from core.bilingual import text

WORKSHOPS = 6  # rows of the form
SHAPE: Mapping[str, int] = {SeatingKind.SWAP: 2, SeatingKind.ROUNDS: WORKSHOPS}
USUAL: Mapping[str, dict[str, Any]] = {
    SeatingKind.MIXED: {"table_size": 4},
    SeatingKind.SWAP: {"table_size": 4, "minutes": 30},
    SeatingKind.ROUNDS: {"rounds": 3, "minutes": 15},
    SeatingKind.PAIRS: {"rounds": 5, "minutes": 2},
}


class SeatingForm(StaffForm):
    """A seating of one kind, with the fields that kind has."""

    title_fr = forms.CharField(label=_("Name"), max_length=200)
    title_nl = forms.CharField(max_length=200)
    table_size = forms.IntegerField(
        label=_("People at a table, at most"), min_value=TABLE_AT_LEAST, max_value=TABLE_AT_MOST
    )
    rounds = forms.IntegerField(label=_("Rounds"), min_value=1, max_value=ROUNDS_AT_MOST)
    minutes = forms.IntegerField(label=_("Minutes of a round"), min_value=1, max_value=240, required=False)

    def __init__(self, *args: Any, kind: SeatingKind, **kwargs: Any) -> None:
        self.kind = kind
        with_rounds = kind in {SeatingKind.ROUNDS, SeatingKind.PAIRS}
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]  # each kind has its own
        for number in range(1, SHAPE.get(kind, 0) + 1):
            self.base_fields |= _subject_fields(number, kind)  # type: ignore[misc]
        if kind not in AT_TABLES:
            del self.base_fields["table_size"]
        if not with_rounds:
            del self.base_fields["rounds"]
        if kind == SeatingKind.MIXED:
            del self.base_fields["minutes"]
        names = [f"subject_{number}_title" for number in range(1, SHAPE.get(kind, 0) + 1)]
        self.bilingual = ("title", *names)  # type: ignore[misc]  # each kind has its own
        word = _("Workshop %(number)d") if kind == SeatingKind.ROUNDS else _("Subject %(number)d")
        self.headings = {  # type: ignore[misc]
            f"{name}_fr": word % {"number": number} for number, name in enumerate(names, start=1)
        }
        super().__init__(*args, **kwargs)

    @staticmethod
    def initial_of(seating: Seating) -> dict[str, Any]:
        values = {name: getattr(seating, name) for name in ("title_fr", "title_nl", "table_size", "rounds", "minutes")}
        for subject in subjects_of(seating):
            for name in SubjectData.__dataclass_fields__:
                values[f"subject_{subject.position}_{name}"] = getattr(subject, name)
        return values

    def for_rule(self) -> SeatingData:
        values = self.cleaned_data
        plain = {
            name: values[name]
            for name in ("title_fr", "title_nl", "table_size", "rounds", "minutes")
            if values.get(name) is not None
        }
        return SeatingData(kind=self.kind, subjects=tuple(self._subjects()), **plain)

    def _subjects(self) -> Iterable[SubjectData]:
        """Those that have a name; where rows between are left empty the others move up."""
        for number in range(1, SHAPE.get(self.kind, 0) + 1):
            prefix = f"subject_{number}_"
            title_fr, title_nl, who = (self.cleaned_data.get(f"{prefix}{name}") or "" for name in _WORDS)
            if title_fr or title_nl:
                seats = self.cleaned_data.get(f"{prefix}seats")
                yield SubjectData(title_fr=title_fr, title_nl=title_nl, who=who, seats=seats)


_WORDS = ("title_fr", "title_nl", "who")


def _subject_fields(number: int, kind: SeatingKind) -> dict[str, forms.Field]:
    prefix = f"subject_{number}_"
    found: dict[str, forms.Field] = {
        f"{prefix}title_fr": forms.CharField(label=_("Subject"), max_length=200, required=False),
        f"{prefix}title_nl": forms.CharField(max_length=200, required=False),
        f"{prefix}who": forms.CharField(label=_("Who leads it"), max_length=160, required=False),
    }
    if kind == SeatingKind.ROUNDS:
        found[f"{prefix}seats"] = forms.IntegerField(
            label=_("Seats in each round"), min_value=1, max_value=500, required=False
        )
    return found


class DrawForm(forms.Form):
    """Who is seated, and by which seed."""

    only_present = forms.BooleanField(
        label=_("Only who is noted as present"),
        required=False,
        help_text=_("Otherwise everybody who registered and is not excused."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=1,
        max_value=SEED_AT_MOST,
        help_text=_("Empty: a new one. With the same seed the same people get the same seats."),
    )


class ExchangeForm(forms.Form):
    """Two people change seats."""

    one = forms.ModelChoiceField(
        label=_("This person"), queryset=Participant.objects.none(), to_field_name="uuid", empty_label="–"
    )
    other = forms.ModelChoiceField(
        label=_("changes seats with"), queryset=Participant.objects.none(), to_field_name="uuid", empty_label="–"
    )

    def __init__(self, seating: Seating, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seated = Participant.objects.filter(meeting_seats__seating=seating).distinct().order_by("name", "pk")
        for name in ("one", "other"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = seated


class MoveForm(forms.Form):
    """Somebody goes to another table."""

    participant = forms.ModelChoiceField(
        label=_("This person"), queryset=Participant.objects.none(), to_field_name="uuid", empty_label="–"
    )
    place = forms.TypedChoiceField(label=_("goes to table"), coerce=int)

    def __init__(self, seating: Seating, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who, place = self.fields["participant"], self.fields["place"]
        assert isinstance(who, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(place, forms.TypedChoiceField)  # noqa: S101
        who.queryset = Participant.objects.filter(meeting_seats__seating=seating).distinct().order_by("name", "pk")
        numbers = seating.seats.order_by("place").values_list("place", flat=True).distinct()
        place.choices = [(number, str(number)) for number in numbers]


class ChoiceForm(forms.Form):
    """Which workshops one would like, the dearest first. ``own``: with who one is."""

    CHOICE: ClassVar[Any] = _("Choice %(number)d")

    def __init__(self, seating: Seating, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._subjects = {str(subject.uuid): subject for subject in subjects_of(seating)}
        if own:
            self.fields["who"] = forms.CharField(
                label=_("Your e-mail address, or the reference of your registration"), max_length=254
            )
        for number in range(1, seating.rounds + 1):
            self.fields[f"choice_{number}"] = forms.ChoiceField(
                label=self.CHOICE % {"number": number},
                required=False,
                choices=[("", "–"), *((key, str(text(each, "title"))) for key, each in self._subjects.items())],
            )

    def subjects(self) -> list[Subject]:
        """What was chosen, in order."""
        values = (value for name, value in self.cleaned_data.items() if name.startswith("choice_"))
        return [self._subjects[value] for value in values if value]
