"""Forms at the wall: a phone's post-it and points; the team's question, groups, and what it types."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.web.desk_forms import StaffForm
from concertations.enums_tables import PointKind, PostItKind
from concertations.models import Cluster, Wall
from concertations.models.wall import POST_IT_LENGTH, POST_ITS_EACH_AT_MOST
from concertations.rules.walls import WallData
from core.bilingual import text


class PostItForm(forms.Form):
    """A few words, and what they are."""

    text = forms.CharField(
        label=_("Your post-it"),
        max_length=POST_IT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words, large enough for all. No names: everybody in the room reads it."),
        error_messages={"required": _("Write a few words first.")},
    )
    kind = forms.ChoiceField(
        label=_("What it is"), choices=PostItKind.choices, initial=PostItKind.NEED, widget=forms.RadioSelect
    )


class TypedPostItForm(PostItForm):
    """The same, typed by the team for somebody."""

    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    cluster: forms.ModelChoiceField[Cluster] = forms.ModelChoiceField(
        label=_("Group"), queryset=Cluster.objects.none(), required=False, to_field_name="uuid", empty_label="–"
    )

    def __init__(self, wall: Wall, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What stands on the paper")
        field = self.fields["cluster"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = wall.clusters.all()


class PointsForm(forms.Form):
    """Three groups that matter most, and three where one can help."""

    def __init__(self, wall: Wall, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clusters = {str(cluster.uuid): cluster for cluster in wall.clusters.all()}
        choices = [(key, str(text(cluster, "title"))) for key, cluster in self._clusters.items()]
        for kind in PointKind:
            self.fields[kind.value] = forms.MultipleChoiceField(
                label=kind.label,
                required=False,
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Three at most."),
            )

    def chosen(self, kind: PointKind) -> list[Cluster]:
        return [self._clusters[key] for key in self.cleaned_data[kind.value]]


class WallForm(StaffForm):
    """A question, and how many post-its each person has."""

    bilingual: ClassVar[tuple[str, ...]] = ("question",)

    question_fr = forms.CharField(label=_("Question"), max_length=200)
    question_nl = forms.CharField(max_length=200)
    post_its_each = forms.IntegerField(
        label=_("Post-its per person"), min_value=1, max_value=POST_ITS_EACH_AT_MOST, initial=2
    )

    def for_rule(self) -> WallData:
        return WallData(**self.cleaned_data)


class ClusterForm(StaffForm):
    """The name of a group."""

    bilingual: ClassVar[tuple[str, ...]] = ("title",)

    title_fr = forms.CharField(label=_("Name of the group"), max_length=120)
    title_nl = forms.CharField(max_length=120)
