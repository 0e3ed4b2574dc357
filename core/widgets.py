"""Forms written in one go: the library renders up to three templates for each input, pages have dozens.

``FORM_RENDERER`` in the settings is :class:`PlainRenderer`: it writes the widgets that stand on every page
itself, to the same HTML, and leaves the others to the library's templates. What that saved stands in
docs/decisions/grid.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

Widget = Mapping[str, Any]


class PlainRenderer(DjangoTemplates):
    """The library's renderer, with inputs, selects and text areas written without templates."""

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> SafeString:
        write = _WRITERS.get(template_name)
        if write is None:
            return mark_safe(super().render(template_name, dict(context), request))  # noqa: S308
        return mark_safe(write(context["widget"]))  # each piece is escaped  # noqa: S308


def escaped(value: Any) -> str:
    """As ``conditional_escape`` without its way through lazy wrappers, of which a page would take hundreds."""
    if isinstance(value, Promise):
        value = str(value)
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def _attributes(attrs: Mapping[str, Any]) -> str:
    """As ``django/forms/widgets/attrs.html``: False is left out, True stands alone."""
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{escaped(value)}"'
    head = f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"'
    return f"{head}{given}{_attributes(widget['attrs'])}>"


def _textarea(widget: Widget) -> str:
    # The line break is the element's own: browsers drop the first one.
    inside = escaped(widget["value"] or "")
    return f'<textarea name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>\n{inside}</textarea>'


def _option(option: Widget) -> str:
    value, label = escaped(option["value"]), escaped(option["label"])
    return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _select(widget: Widget) -> str:
    groups = []
    for label, options, _index in widget["optgroups"]:
        inside = "\n".join(map(_option, options))
        groups.append(f'<optgroup label="{escaped(label)}">{inside}</optgroup>' if label else inside)
    inside = "\n".join(groups)
    return f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>\n{inside}\n</select>'


_KINDS = ("input", "text", "number", "email", "url", "tel", "search", "password", "hidden", "checkbox", "date", "time")
_WRITERS: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in _KINDS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}

PlainSelect = forms.Select  # the renderer writes all selects now
KEPT_AT_MOST = 200


class KeptSelect(forms.Select):
    """A select whose list is the same for everybody: written once per language and choice, then kept.

    Give its field the choices as a function, else each form copies the list. ``default`` stands for what
    a program leaves out.
    """

    def __init__(self, *args: Any, default: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default
        self.kept: dict[tuple[object, ...], SafeString] = {}  # shared by the copies that forms make

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name) or self.default

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        key = (get_language(), name, str(value), *(attrs or {}).items())
        html = self.kept.get(key)
        if html is None:
            html = super().render(name, value, attrs, renderer)
            if len(self.kept) < KEPT_AT_MOST and len(str(value)) < KEPT_AT_MOST:
                self.kept[key] = html
        return html
