"""The back office: Django's own admin behind our gate, and the base class that scopes it to basins.

A class says which ``right`` it takes and how to get from its rows to a basin (``basin_path``). From
that follow the rows, the permissions, and the choices in its forms. What somebody may not see is
404, or the index with a word that it does not exist; never 403, which would say that it does. Who is
no staff at all gets 403 at every address alike, which says that this is for the teams.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import fields
from functools import wraps
from typing import Any, ClassVar, TypeVar

from allauth.account.utils import get_next_redirect_url
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from basins import access
from basins.models import Basin
from basins.rights import Right
from basins.web.reader import signed_in
from basins.web.second_factor import staff_gate, used_second_factor
from core.errors import RuleError

M = TypeVar("M", bound=Model)
D = TypeVar("D")
NOT_HERE = {"password_change", "password_change_done", "autocomplete"}  # there are no passwords


class BackOffice(admin.AdminSite):
    """``admin.site``: staff who used their second factor, and nobody else, in either language."""

    site_header = _("Back office")
    site_title = _("Back office")
    index_title = _("What you look after")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return access.may_enter_back_office(request.user) and used_second_factor(request)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No form of its own: the gate knows what is missing and where to get it."""
        if _is_no_staff(request):
            return _for_teams_alone(request)
        wanted = get_next_redirect_url(request) or reverse("admin:index")
        return staff_gate(request, wanted) or HttpResponseRedirect(wanted)

    def logout(  # type: ignore[override]  # Django shows a page, we go home
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        logout(request)
        return HttpResponseRedirect(reverse("home"))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            elsewhere = staff_gate(request)
            if elsewhere is not None:
                return elsewhere
            try:
                answer: HttpResponseBase = view(request, *args, **kwargs)
            except PermissionDenied as error:
                raise Http404 from error
            return answer

        inside = super().admin_view(guarded, cacheable)

        @wraps(inside)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if _is_no_staff(request):
                return _for_teams_alone(request)
            answer: HttpResponseBase = inside(request, *args, **kwargs)
            return answer

        return door

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [each for each in super().get_urls() if getattr(each, "name", None) not in NOT_HERE]


def _is_no_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not access.may_enter_back_office(request.user)


@never_cache
def _for_teams_alone(request: HttpRequest) -> HttpResponse:
    detail = _(
        "The staff area is for the teams of the basins, and your account has no role in one. "
        "If it should, ask the coordinator of your basin."
    )
    return render(request, "core/403.html", {"detail": detail}, status=403)


class ScopedForm(ModelForm):  # type: ignore[type-arg]  # the model is the admin class's
    """A form that can be shown again with the reason for which a rule refused what was entered."""

    refusal: ClassVar[RuleError | ValidationError | None] = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if isinstance(self.refusal, RuleError):
            field = self.refusal.field if self.refusal.field in self.fields else None
            self.add_error(field, str(self.refusal.message))
        elif self.refusal is not None:
            self.add_error(None, self.refusal.messages)
        return cleaned


class ScopedAdmin(admin.ModelAdmin[M]):
    """Rows of the basins in which the reader holds ``right``.

    ``basin_path`` leads from a row to its basin's code (``"edition__basin__code"``); rows without a
    basin are the Region's. ``""`` means that all rows are the Region's. ``see_right`` may be a wider
    right that is enough to look. Subclasses write through rules in :meth:`save_with_rule` and
    :meth:`delete_with_rule`; a ``RuleError`` comes back as an error of the form.
    """

    form = ScopedForm
    right: ClassVar[Right]
    see_right: ClassVar[Right | None] = None
    basin_path: ClassVar[str] = "basin__code"
    # Fields that are chosen when a row is made, and never again.
    settled: ClassVar[tuple[str, ...]] = ()
    may_add: ClassVar[bool] = True
    may_change: ClassVar[bool] = True
    may_delete: ClassVar[bool] = True
    show_full_result_count = False
    list_per_page = 50

    # --- Who ---------------------------------------------------------------------------------
    def may(self, request: HttpRequest, right: Right, obj: M | None) -> bool:
        """The access question of this class; override it where a row has a sentence of its own."""
        if obj is None:
            return access.holds_somewhere(request.user, right) if self.basin_path else self._is_regional(request, right)
        return access.holds(request.user, right, self.basin_code(obj))

    def basin_code(self, obj: M) -> str | None:
        """The code of the basin that a row belongs to, ``None`` for the Region."""
        value: Any = obj if self.basin_path else None
        for step in self.basin_path.split("__"):
            value = getattr(value, step) if value is not None else None
        return str(value) if value else None

    def _is_regional(self, request: HttpRequest, right: Right) -> bool:
        return access.holds(request.user, right, None)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self.may(request, self.see_right or self.right, obj) or self.may(request, self.right, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and self.may(request, self.right, None)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self.may_change and self.may(request, self.right, obj)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self.may_delete and self.may(request, self.right, obj)

    # --- Which rows --------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        return self.scoped(super().get_queryset(request), request)

    def scoped(self, rows: QuerySet[M], request: HttpRequest) -> QuerySet[M]:
        """The rows that the reader may see, with the way to their basin joined in."""
        if not self.basin_path:
            return rows if self._is_regional(request, self.see_right or self.right) else rows.none()
        way = self.basin_path.rpartition("__")[0]
        # Django leaves list_select_related out as soon as a queryset joins anything by itself.
        joined = [*(self.list_select_related if isinstance(self.list_select_related, list) else []), way]
        if any(joined):
            rows = rows.select_related(*filter(None, joined))
        rights = {self.right, self.see_right or self.right}
        if any(self._is_regional(request, right) for right in rights):
            return rows
        reader = signed_in(request)
        codes = {code for right in rights for code in reader.basins_with(right)}
        return rows.filter(Q(**{f"{self.basin_path}__in": codes}))

    # --- Which choices -----------------------------------------------------------------------
    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> list[Any]:
        return [*self.readonly_fields, *(self.settled if obj else ())]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices(db_field.remote_field.model, request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.remote_field.model is Basin and not self._is_regional(request, self.right):
            field.required = True  # an empty basin is the Region, which is not theirs
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices(db_field.remote_field.model, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def choices(self, model: type[Model], request: HttpRequest) -> QuerySet[Any] | None:
        """What may be chosen from: own basins; of other scoped models, the rows one may see."""
        if model is Basin:
            if self._is_regional(request, self.right):
                return Basin.objects.all()
            return Basin.objects.filter(code__in=signed_in(request).basins_with(self.right))
        if not self.admin_site.is_registered(model):
            return None
        other = self.admin_site.get_model_admin(model)
        return other.get_queryset(request) if isinstance(other, ScopedAdmin) else None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list under the name of what it holds."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    # --- Writing -----------------------------------------------------------------------------
    def save_with_rule(self, request: HttpRequest, obj: M, form: Any, *, change: bool) -> None:
        """Call the rule that writes the row, with ``by=request.user``; there is no way around a rule."""
        raise NotImplementedError(f"{type(self).__name__} allows adding or changing: it must name the rule for it.")

    def delete_with_rule(self, request: HttpRequest, obj: M) -> None:
        """Call the rule that takes the row away."""
        raise NotImplementedError(f"{type(self).__name__} allows deleting: it must name the rule for it.")

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        if not self.may(request, self.right, obj):
            raise PermissionDenied  # moved into a basin of somebody else's by a forged form
        self.save_with_rule(request, obj, form, change=change)

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        self.delete_with_rule(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        for obj in queryset:
            self.delete_with_rule(request, obj)

    def get_form(self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if issubclass(form, ScopedForm):
            form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """When a rule refuses, nothing is written and the form comes back with the reason in it."""
        # Django's "Add %s", "Change %s" need an article that depends on the word; a heading needs none.
        name = capfirst(self.opts.verbose_name)
        title = name if object_id else gettext("%(name)s: add") % {"name": name}
        extra_context = {"title": title, **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (RuleError, ValidationError) as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]  # read in get_form
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except RuleError as refusal:
            messages.error(request, str(refusal.message))
            return HttpResponseRedirect(request.path)

    def response_action(self, request: HttpRequest, queryset: QuerySet[M], *args: Any, **kwargs: Any) -> Any:
        """All rows of an action or none: what a rule refuses half-way is taken back, the reason is shown."""
        try:
            with transaction.atomic():
                return super().response_action(request, queryset, *args, **kwargs)
        except RuleError as refusal:
            messages.error(request, str(refusal.message))
            return HttpResponseRedirect(request.get_full_path())


def as_data(kind: type[D], row: Model, *, may_be_nothing: Collection[str] = ()) -> D:
    """What a form wrote into ``row``, as a rule takes it: the dataclass ``kind``, field by field.

    An empty text is "", never null; ``may_be_nothing`` names the fields where nothing is an answer of its own.
    """
    values = {each.name: getattr(row, each.name) for each in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    return kind(
        **{name: "" if value is None and name not in may_be_nothing else value for name, value in values.items()}
    )


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """Rows below another row, to look at; who may see that one may see these."""

    template = "admin/edit_inline/read_only.html"
    extra = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.admin_site.get_model_admin(self.parent_model).has_view_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def two_languages(model: type[Model], *names: str) -> list[Any]:
    """Fields of a form, French and Dutch side by side: ``two_languages(NewsItem, "basin", "title")``.

    Plain pairs instead of modeltranslation's tabs, which need a script from elsewhere.
    """
    fields: list[Any] = []
    for name in names:
        pair = (f"{name}_fr", f"{name}_nl")
        try:
            for each in pair:
                model._meta.get_field(each)
        except FieldDoesNotExist:
            fields.append(name)
        else:
            fields.append(pair)
    return fields
