"""Which fields stand in French and in Dutch. What is said in a ticket stands in the language of who wrote it."""

from modeltranslation.translator import TranslationOptions, register

from helpdesk.models import Example, Snippet


@register(Snippet)
class SnippetTranslation(TranslationOptions):
    fields = ("title", "body")


@register(Example)
class ExampleTranslation(TranslationOptions):
    fields = ("title", "question", "helped")
