"""People who sign in, and the roles they were given, basin by basin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models.territory import Basin
from basins.rights import ROLE_RIGHTS, Right, Role
from core.models import PublicModel


class UserManager(BaseUserManager["User"]):
    """Accounts have no password: a mailed code signs in."""

    def create_user(self, email: str, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(PublicModel, AbstractBaseUser):
    """A person with an address. What somebody may do follows from the grants alone."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FR)
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_the_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        """How the back office greets somebody."""
        return str(self)

    @cached_property
    def _rights(self) -> dict[str | None, frozenset[Right]]:
        """Rights by basin code; ``None`` holds those for the whole Region."""
        rights: dict[str | None, frozenset[Right]] = {}
        for role, code in self.grants.filter(ended_at=None).values_list("role", "basin__code"):
            rights[code] = rights.get(code, frozenset()) | ROLE_RIGHTS[Role(role)]
        return rights

    def has_right(self, right: Right, basin: str | None) -> bool:
        """Whether the person holds ``right`` in the basin of that code (``None``: for the Region)."""
        if not self.is_active:
            return False
        return right in self._rights.get(None, frozenset()) or right in self._rights.get(basin, frozenset())

    def basins_with(self, right: Right) -> list[str]:
        """Codes of the basins in which the person holds ``right``; all five for a regional grant."""
        if not self.is_active:
            return []
        if right in self._rights.get(None, frozenset()):
            return list(Basin.objects.values_list("code", flat=True))
        return [code for code, rights in self._rights.items() if code is not None and right in rights]

    def has_right_somewhere(self, right: Right) -> bool:
        """Whether the person holds ``right`` in one basin at least, or for the Region."""
        return self.is_active and any(right in rights for rights in self._rights.values())

    @property
    def is_staff(self) -> bool:
        """Whether any grant opens the back office (asked by Django's admin)."""
        return self.has_right_somewhere(Right.ENTER_BACK_OFFICE)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions are not used: every admin class asks its ``access`` functions."""
        return False

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class RoleGrant(PublicModel):
    """A role given to a person in a basin (or the Region), by whom and until when."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("person"), related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    basin = models.ForeignKey(Basin, models.PROTECT, verbose_name=_("basin"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("granted by"), null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)
    ended_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("ended by"), null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "basin"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="role_grant_once_while_it_runs",
                violation_error_message=_("This person already has this role here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
