"""The figures as charts, each with what it finds as its title, in the reader's language.

The same charts for the team and for everybody: a count that is not published is said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.bilingual import current_language
from core.charts import Bar, BarChart, Chart, ColumnChart, Row
from opendoors.editions_beside import EditionBeside
from opendoors.enums import AnswerRole, Degree
from opendoors.figures import EditionFigures, Part, Share
from opendoors.queries_answers import AnswerFigures

T = TypeVar("T")

HIDDEN_APART = 2  # so many parts that are not shown have a row each


def charts_of(figures: EditionFigures) -> list[Chart]:
    """Seats and people by day, hour, municipality, language and field of work; who came; who waited."""
    charts: list[Chart] = []
    if len(figures.by_day) > 1:
        charts.append(
            _programme_chart(ColumnChart, figures.by_day, _("Day"), _("Seats and people per day"), _most_booked_day)
        )
    if len(figures.by_hour) > 1:
        charts.append(
            _programme_chart(
                ColumnChart,
                figures.by_hour,
                _("Hour"),
                _("Seats and people by the hour of the visit"),
                _most_booked_hour,
            )
        )
    for parts, heading, measure in (
        (figures.by_municipality, _("Municipality"), _("Seats and people by municipality of the visit")),
        (figures.by_language, _("Language"), _("Seats and people by main language of the visit")),
        (figures.by_host_sector, _("Field of work"), _("Seats and people by the host's field of work")),
    ):
        if any(part.is_known for part in parts):
            charts.append(_programme_chart(BarChart, parts, heading, measure, _most_booked))
    for shares, heading, measure in (
        (figures.visitors_by_sector, _("Field of work"), _("Visitors by their field of work")),
        (figures.visitors_by_language, _("Language"), _("Visitors by language of their mails")),
    ):
        charts += _share_charts(shares, heading, measure, _("Visitors"), _most_frequent(shares))
    charts += _share_charts(
        figures.attendance, _("Attendance"), _("Who came, of those who had booked"), _("People"), _came(figures)
    )
    if figures.waiting:
        charts += _share_charts(
            figures.waiting_by_state,
            _("Outcome"),
            _("Requests on the waiting list, by what became of them"),
            _("Requests"),
            _waited(figures),
        )
    return charts


def answer_charts(figures: AnswerFigures) -> list[Chart]:
    """What was answered to the questionnaire: the marks, and the three questions."""
    if not figures.answered:
        return []
    is_visitor = figures.role == AnswerRole.VISITOR
    marks = ColumnChart(
        finding=_average(figures),
        measure=_("Marks given by visitors, from 1 to 5") if is_visitor else _("Marks given by hosts, from 1 to 5"),
        label_heading=_("Mark"),
        series=[_("Answers")],
        rows=[Row(str(mark), [_people(number)]) for mark, number in enumerate(figures.ratings, start=1)],
    )
    labels = _questions(figures.role)
    degrees = BarChart(
        finding=_first_impression(figures),
        measure=_("Answers of visitors, by question") if is_visitor else _("Answers of hosts, by question"),
        label_heading=_("Question"),
        series=[str(degree.label) for degree in Degree],
        rows=[
            Row(labels[question], [_people(said[degree]) for degree in Degree])
            for question, said in figures.degrees.items()
        ],
    )
    return [chart for chart in (marks, degrees) if any(bar.value for row in chart.rows for bar in row.bars)]


def editions_chart(rows: Sequence[EditionBeside]) -> Chart:
    """Hosts and visitors of all editions side by side, each in the hue of its basin."""
    silent = sum(row.visitors is None for row in rows)
    return BarChart(
        finding=_("Nobody counted the visitors of %(silent)d editions out of %(all)d")
        % {"silent": silent, "all": len(rows)}
        if silent
        else _("Hosts and visitors of %(all)d editions") % {"all": len(rows)},
        measure=_("Hosts and visitors per edition, all basins"),
        label_heading=_("Edition"),
        series=[_("Hosts"), _("Visitors")],
        rows=[
            Row(
                row.label,
                [_counted(row.hosts), _counted(row.visitors, hidden=row.visitors_hidden)],
                basin=row.basin_code,
                language="" if row.name.language == current_language() else row.name.language,
            )
            for row in rows
        ],
    )


# --- Pieces --------------------------------------------------------------------------------------


def _people(number: int | None) -> Bar:
    """A count of people; None is one that is not published."""
    return Bar(number, _("not shown") if number is None else str(number))


def _counted(number: int | None, *, hidden: bool = False) -> Bar:
    """A count of an edition; None is one that nobody made, or that is too small to be shown."""
    return _people(number) if hidden or number is not None else Bar(None, _("not counted"))


def _programme_chart(
    kind: type[Chart],
    parts: Sequence[Part],
    heading: str,
    measure: str,
    finding: Callable[[Part], str],
) -> Chart:
    best = _largest([part for part in parts if part.is_known], lambda part: part.booked)
    return kind(
        finding=finding(best) if best else measure,
        measure=measure,
        label_heading=heading,
        series=[_("Seats"), _("Seats taken")],
        rows=[Row(part.label, [Bar(part.seats), _people(part.booked)], short=part.short) for part in parts],
    )


def _share_charts(shares: Sequence[Share], heading: str, measure: str, counted: str, finding: str) -> list[Chart]:
    """One chart, or none where nothing of it is published. Many hidden parts are one row: they say nothing apart."""
    if not any(share.number for share in shares):
        return []
    rows = [Row(share.label, [_people(share.number)]) for share in shares if share.number is not None]
    hidden = [share for share in shares if share.number is None]
    if len(hidden) > HIDDEN_APART:
        rows.append(Row(_("the others"), [_people(None)]))
    else:
        rows += [Row(share.label, [_people(None)]) for share in hidden]
    return [BarChart(finding=finding or measure, measure=measure, label_heading=heading, series=[counted], rows=rows)]


# --- Findings ------------------------------------------------------------------------------------


def _largest(those: Sequence[T], counted: Callable[[T], int | None]) -> T | None:
    """The one with most; none where nobody is counted, or where two have as many: then no title names one."""
    ranked = sorted((one for one in those if counted(one)), key=lambda one: counted(one) or 0, reverse=True)
    if not ranked or (len(ranked) > 1 and counted(ranked[0]) == counted(ranked[1])):
        return None
    return ranked[0]


def _most_booked_day(part: Part) -> str:
    return _("Most seats taken: %(day)s") % {"day": part.label}


def _most_booked_hour(part: Part) -> str:
    return _("Most people chose %(hours)s") % {"hours": part.label}


def _most_booked(part: Part) -> str:
    return _("%(name)s: %(booked)d seats taken out of %(seats)d") % {
        "name": _capital(part.label),
        "booked": part.booked,
        "seats": part.seats,
    }


def _most_frequent(shares: Sequence[Share]) -> str:
    best = _largest([share for share in shares if share.is_known], lambda share: share.number)
    if best is None:
        return ""
    number = best.number or 0
    words = ngettext(
        "%(name)s: %(number)d visitor, the largest group", "%(name)s: %(number)d visitors, the largest group", number
    )
    return words % {"name": _capital(best.label), "number": number}


def _came(figures: EditionFigures) -> str:
    if figures.present is None or not figures.booked:
        return ""
    return _("%(present)d people out of %(booked)d were seen") % {"present": figures.present, "booked": figures.booked}


def _waited(figures: EditionFigures) -> str:
    return _("%(number)d requests on the waiting list") % {"number": figures.waiting}


def _average(figures: AnswerFigures) -> str:
    if figures.average is None:
        return _high_marks(figures)
    mark = f"{figures.average:.1f}".replace(".", ",")
    number = figures.answered or 0
    words = ngettext("%(mark)s out of 5, one answer", "%(mark)s out of 5 on average, %(number)d answers", number)
    return words % {"mark": mark, "number": number}


def _high_marks(figures: AnswerFigures) -> str:
    """What can be said where the average would tell marks that are not shown."""
    *_low, good, best = figures.ratings
    if not good or not best:
        return _("Too few marks for an average")
    return _("%(number)d answers gave 4 or 5 out of 5") % {"number": good + best}


def _first_impression(figures: AnswerFigures) -> str:
    said = figures.degrees["again"]
    yes, rest = said[Degree.YES], [said[degree] for degree in Degree]
    if yes is None or not all(isinstance(number, int) for number in rest) or not sum(number or 0 for number in rest):
        return _("What the answers say")
    return _("%(yes)d out of %(all)d would do it again") % {"yes": yes, "all": sum(number or 0 for number in rest)}


def _questions(role: AnswerRole) -> dict[str, str]:
    """The questions in short, for a chart."""
    if role == AnswerRole.VISITOR:
        return {
            "knows_better": _("Knows the services better"),
            "will_contact": _("Will get in touch"),
            "again": _("Would come again"),
        }
    return {
        "knows_better": _("Is known better"),
        "will_contact": _("Will get in touch"),
        "again": _("Would open the door again"),
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
