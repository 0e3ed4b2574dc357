"""What is read of the questionnaire: answers without names, what they count, and the links that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core import signing
from core.small_counts import shown, without_small
from opendoors.enums import AnswerRole, AnswersShown, BookedState, Degree, EditionState, HostState, VisitState
from opendoors.models import Answer, BookedVisit, Edition, Host, Visitor
from opendoors.queries import LINK_LIVES_ON, VISITOR_LINK, visitor_link
from opendoors.queries_hosts import host_link
from opendoors.rules.answering import CAME, OCCASION

PER_PAGE = 50
RATINGS = range(1, 6)
SHOWN = {
    AnswersShown.ALL: Q(pk__isnull=False),
    AnswersShown.MISSING: Q(need=None) & ~Q(missing=""),
    AnswersShown.NEEDS: Q(need__isnull=False),
    AnswersShown.QUOTABLE: Q(may_quote=True, is_quoted=False) & ~Q(best=""),
    AnswersShown.QUOTED: Q(may_quote=True, is_quoted=True) & ~Q(best=""),
}
QUESTIONS = ("knows_better", "will_contact", "again")


def visitor_by_link(token: str, basin: str) -> Visitor:
    """The visitor to whose address this link was sent, with edition and basin.

    The link a browser gets right after booking is not enough: it proves nothing about the address.
    Raises ``BadToken`` where it is forged or of another basin, ``StaleToken`` when the week is long over.
    """
    uuid = signing.read_uuid(VISITOR_LINK, token)
    visitor = Visitor.objects.filter(uuid=uuid, edition__basin__code=basin).select_related("edition__basin").first()
    if visitor is None:
        raise signing.BadToken
    if timezone.localdate() > visitor.edition.ends_on + LINK_LIVES_ON:
        raise signing.StaleToken
    return visitor


def evaluate_url(visitor: Visitor) -> str:
    """A visitor's questionnaire, in the active language; for its mails and the visitor signed in."""
    return reverse("opendoors:evaluate", kwargs={"basin": visitor.edition.basin.code, "token": visitor_link(visitor)})


def evaluate_host_url(host: Host) -> str:
    """A host's questionnaire, in the active language; for its mails and its contact signed in."""
    return reverse("opendoors:evaluate_host", kwargs={"basin": host.edition.basin.code, "token": host_link(host)})


def occasion_url(source_key: str) -> str:
    """The answer that a need came from, on the team's page; "" where nothing is left of it."""
    try:
        identifier = UUID(source_key.removeprefix(OCCASION))
    except ValueError:
        return ""
    answer = Answer.objects.filter(uuid=identifier).select_related("edition__basin").first()
    return answer_url(answer) if answer else ""


def answer_url(answer: Answer) -> str:
    """An answer in the team's list, in the active language."""
    edition = answer.edition
    url = reverse("opendoors:staff_evaluation", kwargs={"basin": edition.basin.code, "slug": edition.slug})
    page = answers(edition).filter(created__gt=answer.created).count() // PER_PAGE + 1
    return f"{url}?page={page}#a-{answer.uuid}" if page > 1 else f"{url}#a-{answer.uuid}"


def unanswered_hosts(edition: Edition, email: str) -> QuerySet[Host]:
    """Services of a contact that received visitors and have not said how it was."""
    hosts = edition.hosts.filter(
        contact_email__iexact=email, state=HostState.ACCEPTED, answer=None, visits__state=VisitState.PLANNED
    )
    return hosts.distinct().select_related("edition__basin").order_by("pk")


def answers(edition: Edition, shown: AnswersShown = AnswersShown.ALL) -> QuerySet[Answer]:
    """Answers that say something in words, the newest first, with the need they became."""
    said = Answer.objects.filter(SHOWN[shown], edition=edition).exclude(best="", missing="")
    return said.select_related("need", "need__merged_into").order_by("-created", "-pk")


def answers_counted(edition: Edition) -> list[tuple[AnswersShown, int]]:
    """How many of them there are of each kind. One query."""
    said = answers(edition).order_by()
    counts = said.aggregate(**{kind.value: Count("pk", filter=which) for kind, which in SHOWN.items()})
    return [(kind, counts[kind.value]) for kind in AnswersShown]


def quotes(edition: Edition) -> QuerySet[Answer]:
    """What the team chose to show, with the leave of who wrote it."""
    return Answer.objects.filter(edition=edition, is_quoted=True, may_quote=True).exclude(best="").order_by("pk")


def unread(editions: QuerySet[Edition]) -> dict[int, int]:
    """Editions, by key, with how many answers name something missing that is no need yet."""
    waiting = Answer.objects.filter(edition__in=editions, need=None).exclude(missing="").order_by()
    return dict(waiting.values_list("edition").annotate(number=Count("pk")))


def evaluated(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Those whose figures are public."""
    return editions.filter(state=EditionState.EVALUATED)


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What visitors, or hosts, answered. None: not published; ``average`` of 1 to 5, None also where nobody rated."""

    role: AnswerRole
    asked: int | None
    answered: int | None
    average: float | None
    ratings: Sequence[int | None]  # how many gave 1, 2, 3, 4, 5
    degrees: dict[str, dict[Degree, int | None]]  # by question, how many said yes, partly, no


def answer_figures(edition: Edition) -> list[AnswerFigures]:
    """The figures of visitors and of hosts. Three queries."""
    rows = list(
        Answer.objects.filter(edition=edition)
        .order_by()
        .values_list("role", "rating", *QUESTIONS)
        .annotate(number=Count("pk"))
    )
    asked = {AnswerRole.VISITOR: _visitors_asked(edition), AnswerRole.HOST: _hosts_asked(edition)}
    return [_of_role(role, asked[role], [row[1:] for row in rows if row[0] == role]) for role in AnswerRole]


def published_answers(figures: AnswerFigures) -> AnswerFigures:
    """The same without what is too small to publish.

    An average beside marks that are shown would give away those that are not: there is one where all are shown.
    """
    ratings = list(without_small(dict(enumerate(count or 0 for count in figures.ratings))).values())
    return AnswerFigures(
        role=figures.role,
        asked=shown(figures.asked),
        answered=shown(figures.answered),
        average=None if None in ratings else figures.average,
        ratings=ratings,
        degrees={
            question: without_small({degree: count or 0 for degree, count in said.items()})
            for question, said in figures.degrees.items()
        },
    )


def _visitors_asked(edition: Edition) -> int:
    made = BookedVisit.objects.filter(
        visit__edition=edition,  # by way of the visits: there are fewer of them than of bookings
        state=BookedState.CONFIRMED,
        visit__state=VisitState.PLANNED,
        visit__ends_at__lte=timezone.now(),
        attendance__in=CAME,
    )
    return int(made.aggregate(number=Count("booking__visitor", distinct=True))["number"])


def _hosts_asked(edition: Edition) -> int:
    made = Q(visits__state=VisitState.PLANNED, visits__ends_at__lte=timezone.now())
    return edition.hosts.filter(made, state=HostState.ACCEPTED).distinct().count()


def _of_role(role: AnswerRole, asked: int, rows: Sequence[tuple[int | None, str, str, str, int]]) -> AnswerFigures:
    ratings = [sum(row[-1] for row in rows if row[0] == rating) for rating in RATINGS]
    rated = sum(ratings)
    total = sum(rating * number for rating, number in zip(RATINGS, ratings, strict=True))
    return AnswerFigures(
        role=role,
        asked=asked,
        answered=sum(row[-1] for row in rows),
        average=total / rated if rated else None,
        ratings=ratings,
        degrees={
            question: {degree: sum(row[-1] for row in rows if row[place] == degree) for degree in Degree}
            for place, question in enumerate(QUESTIONS, start=1)
        },
    )
