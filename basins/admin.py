"""Back office of people: the team, its colleagues, partners' keys. Loads the other admin modules."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from basins import access, admin_content, admin_core, admin_webhooks  # noqa: F401 - they register their classes
from basins.backoffice import ScopedAdmin, ScopedForm
from basins.enums import BasinCode, Language
from basins.models import PartnerKey, RoleGrant, User
from basins.rights import Right, Role
from basins.rules import keys, people
from basins.web.reader import signed_in


class RunningFilter(admin.SimpleListFilter):
    """Roles that run (shown first of all) or that were ended."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("running", _("running")), ("ended", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(ended_at__isnull=self.value() == "running")


class GrantForm(ScopedForm):
    """A role for an address; its account is made when there is none."""

    email = forms.EmailField(label=_("e-mail"), max_length=254)
    name = forms.CharField(label=_("name"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("language"), choices=Language.choices)

    class Meta:
        model = RoleGrant
        fields = ["role", "basin"]


@admin.register(RoleGrant)
class RoleGrantAdmin(ScopedAdmin[RoleGrant]):
    """The team. Roles are given and ended, never changed or deleted: the rows are the log."""

    right = Right.MANAGE_TEAM
    may_change = may_delete = False
    form = GrantForm
    list_display = ["user", "role", "basin", "granted_at", "granted_by", "ended_at"]
    list_select_related = ["user", "basin", "granted_by"]
    list_filter = [RunningFilter, "role"]
    search_fields = ["user__email", "user__name"]
    actions = ["end_roles"]
    fields = ["user", "role", "basin", "granted_at", "granted_by", "ended_at", "ended_by"]

    def get_fields(self, request: HttpRequest, obj: RoleGrant | None = None) -> list[Any]:
        return list(self.fields or []) if obj else ["email", "name", "language", "role", "basin"]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "role" and field is not None:
            places = [None, *BasinCode.values]
            field.choices = [
                (role.value, role.label)
                for role in Role
                if any(access.may_give_role(request.user, role, place) for place in places)
            ]
        return field

    def save_with_rule(self, request: HttpRequest, obj: RoleGrant, form: Any, *, change: bool) -> None:
        given = people.invite_colleague(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            role=Role(obj.role),
            basin=obj.basin,
            by=signed_in(request),
        )
        obj.pk, obj.user = given.pk, given.user

    @admin.action(description=_("End these roles now"), permissions=["end"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        ended = 0
        for grant in queryset.filter(ended_at=None):
            people.end_role(grant=grant, by=signed_in(request))
            self.log_change(request, grant, "ended")
            ended += 1
        said = ngettext("%(count)d role was ended.", "%(count)d roles were ended.", ended) % {"count": ended}
        self.message_user(request, said, messages.SUCCESS if ended else messages.WARNING)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.right, None)


@admin.register(User)
class UserAdmin(ScopedAdmin[User]):
    """Colleagues: who has or had a role in a team of the reader's. Visitors are not listed."""

    right = Right.MANAGE_TEAM
    basin_path = "grants__basin__code"
    may_add = may_delete = False
    list_display = ["email", "name", "roles", "second_factor", "last_login"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "language", "roles", "second_factor", "last_login"]
    readonly_fields = ["email", "roles", "second_factor", "last_login"]
    actions = ["reset_second_factor"]

    def may(self, request: HttpRequest, right: Right, obj: User | None) -> bool:
        return access.may_edit_person(request.user, obj) if obj else super().may(request, right, None)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return access.may_see_person(request.user, obj) if obj else self.may(request, self.right, None)

    def scoped(self, rows: QuerySet[User], request: HttpRequest) -> QuerySet[User]:
        reader = signed_in(request)
        grants = RoleGrant.objects.filter(user=OuterRef("pk"))
        if not reader.has_right(self.right, None):
            grants = grants.filter(basin__code__in=reader.basins_with(self.right))
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        running = RoleGrant.objects.filter(ended_at=None).select_related("basin")
        return (
            rows.filter(Exists(grants))
            .annotate(has_factor=Exists(factors))
            .prefetch_related(Prefetch("grants", queryset=running, to_attr="running_grants"))
        )

    @admin.display(description=_("roles"))
    def roles(self, person: User) -> str:
        given: list[RoleGrant] = getattr(person, "running_grants", [])
        region = _("Region")
        return ", ".join(f"{each.get_role_display()} ({each.basin or region})" for each in given)

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, person: User) -> bool:
        return bool(getattr(person, "has_factor", False))

    def save_with_rule(self, request: HttpRequest, obj: User, form: Any, *, change: bool) -> None:
        people.edit_person(person=obj, name=obj.name, language=obj.language, by=signed_in(request))

    @admin.action(description=_("Reset the second factor (phone lost)"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            people.reset_second_factor(person=person, by=signed_in(request))
            self.log_change(request, person, "second factor reset")
            said = _("%(person)s sets up a new second factor at the next sign-in.") % {"person": person}
            self.message_user(request, said, messages.SUCCESS)


class KeyForm(ScopedForm):
    scopes = forms.MultipleChoiceField(label=_("scopes"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = PartnerKey
        fields = ["name", "contact_email", "scopes", "basins"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "scopes" in self.fields:
            self.fields["scopes"].choices = sorted(keys.known_scopes().items())  # type: ignore[attr-defined]


@admin.register(PartnerKey)
class PartnerKeyAdmin(ScopedAdmin[PartnerKey]):
    """Keys of partners' programs. The plain key is in the answer to the form that made it, and nowhere else."""

    right = Right.MANAGE_PARTNER_KEYS
    basin_path = "basins__code"
    may_change = may_delete = False
    form = KeyForm
    list_display = ["name", "prefix", "contact_email", "places", "last_used_at", "revoked_at"]
    search_fields = ["name", "contact_email", "prefix"]
    actions = ["revoke"]
    fields = ["name", "contact_email", "scopes", "basins", "prefix", "created_by", "last_used_at", "revoked_at"]

    def get_fields(self, request: HttpRequest, obj: PartnerKey | None = None) -> list[Any]:
        return list(self.fields or []) if obj else ["name", "contact_email", "scopes", "basins"]

    def may(self, request: HttpRequest, right: Right, obj: PartnerKey | None) -> bool:
        if obj is None or obj.pk is None:
            return super().may(request, right, None)
        return any(access.holds(request.user, right, basin.code) for basin in obj.basins.all())

    def scoped(self, rows: QuerySet[PartnerKey], request: HttpRequest) -> QuerySet[PartnerKey]:
        codes = signed_in(request).basins_with(self.right)
        mine = PartnerKey.objects.filter(basins__code__in=codes)
        return rows.filter(pk__in=mine.values("pk")).prefetch_related("basins").select_related("created_by")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs)

    @admin.display(description=_("basins"))
    def places(self, key: PartnerKey) -> str:
        return ", ".join(str(basin) for basin in key.basins.all())

    def save_with_rule(self, request: HttpRequest, obj: PartnerKey, form: Any, *, change: bool) -> None:
        key, plain = keys.create_key(
            by=signed_in(request),
            name=obj.name,
            contact_email=obj.contact_email,
            scopes=form.cleaned_data["scopes"],
            basins=list(form.cleaned_data["basins"]),
        )
        obj.pk, obj.prefix = key.pk, key.prefix
        request.plain_key = plain  # type: ignore[attr-defined]  # shown in response_add

    def response_add(self, request: HttpRequest, obj: PartnerKey, post_url_continue: str | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new key"),
            "opts": self.opts,
            "key": obj,
            "plain": getattr(request, "plain_key", ""),
        }
        return TemplateResponse(request, "basins/admin/new_key.html", context)

    @admin.action(description=_("Revoke these keys now"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[PartnerKey]) -> None:
        for key in queryset.filter(revoked_at=None):
            keys.revoke_key(key=key, by=signed_in(request))
            self.log_change(request, key, "revoked")
            self.message_user(request, _("The key %(key)s was revoked.") % {"key": key}, messages.SUCCESS)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.right, None)
