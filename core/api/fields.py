"""Fields that every mission's serializers use."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.bilingual import LANGUAGE_CODES, both


@extend_schema_field(
    {
        "type": "object",
        "required": list(LANGUAGE_CODES),
        "properties": {code: {"type": "string"} for code in LANGUAGE_CODES},
        "description": "The text in both languages; empty where nobody wrote it.",
    }
)
class BilingualField(serializers.Field[Any, Any, dict[str, str], Any]):
    """Both texts of a translated field by language code, so that nobody takes one for the other."""

    def __init__(self) -> None:
        super().__init__(read_only=True, source="*")

    def to_representation(self, value: Model) -> dict[str, str]:
        return both(value, str(self.field_name))
