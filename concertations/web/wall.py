"""The wall in the room: the page behind its code on phones, and the wall itself on a screen.

Both ask every few seconds whether anything is new, in one small query; the answer is usually "no" (204). A phone is
known by a cookie that holds chance and nothing else.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from basins.web.desk import shown_or_sent
from concertations import queries_wall
from concertations.door_code import code_image
from concertations.enums_tables import PointKind, PostItKind, WallState
from concertations.links import code_of, page
from concertations.models import Wall
from concertations.rules import marking, post_its
from concertations.web.wall_forms import PointsForm, PostItForm
from core.bilingual import current_language
from core.errors import RuleError
from core.http import private_page
from core.mail import absolute_url

COOKIE_SECONDS = 60 * 60 * 12  # a meeting, and the evening after
COOKIE_LENGTH = 64


def wall_page(wall: Wall, name: str = "wall") -> str:
    """A page of a wall, by its code."""
    return page(name, code_of(wall.meeting.series), code=wall.code)


def _wall(basin: str | None, code: str) -> Wall:
    try:
        return queries_wall.wall_by_code(basin, code)
    except Wall.DoesNotExist as error:
        raise Http404 from error


@private_page
@require_safe
def enter(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """For who types the code: leads to its wall, or says that there is none."""
    code = queries_wall.plain_code(request.GET.get("code", ""))
    if code and queries_wall.versions(basin, code):
        return HttpResponseRedirect(page("wall", basin, code=code))
    return render(request, "concertations/wall/enter.html", {"code": code}, status=404 if code else 200)


# --- A phone ---------------------------------------------------------------------------------------


def _cookie(wall: Wall) -> str:
    return f"wall-{wall.code}"


def _token(request: HttpRequest, wall: Wall) -> str:
    token = request.COOKIES.get(_cookie(wall), "")
    return token if len(token) <= COOKIE_LENGTH else ""


@private_page
@shown_or_sent
def phone(request: HttpRequest, code: str, basin: str | None = None) -> HttpResponse:
    """What a phone may do now: write, wait, mark, read the ranks. A POST writes, takes back or marks (``act``)."""
    wall = _wall(basin, code)
    token = _token(request, wall)
    form: PostItForm | PointsForm | None = None
    status = 200
    if request.method == "POST":
        token = token or queries_wall.new_token()
        try:
            form, words = _act(request, wall, queries_wall.digest_of(token))
        except RuleError as error:
            wall = _wall(basin, code)
            form, words = _refused(request, wall, error), ""
            status = error.status
        if words:
            messages.success(request, words)
            return _with_cookie(HttpResponseRedirect(wall_page(wall)), request, wall, token)
        status = 422 if status == 200 else status
    answer = render(request, "concertations/wall/phone.html", _phone(wall, token, form), status=status)
    return _with_cookie(answer, request, wall, token or queries_wall.new_token())


def _with_cookie(answer: HttpResponse, request: HttpRequest, wall: Wall, token: str) -> HttpResponse:
    answer.set_cookie(
        _cookie(wall), token, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


@require_safe
def phone_now(request: HttpRequest, code: str, basin: str | None = None) -> HttpResponse:
    """The same as a fragment, when something has changed since ``v``; 204 otherwise."""
    found = queries_wall.versions(basin, code)
    if found is None:
        raise Http404
    if request.GET.get("v") == str(found[1]):
        return HttpResponse(status=204)
    wall = _wall(basin, code)
    return render(request, "concertations/wall/_phone.html", _phone(wall, _token(request, wall), None))


def _phone(wall: Wall, token: str, form: PostItForm | PointsForm | None) -> dict[str, Any]:
    mine = queries_wall.mine(wall, token)
    left = wall.post_its_each - len(mine.post_its)
    if form is None and wall.state == WallState.WRITING and left > 0:
        form = PostItForm()
    if form is None and wall.state == WallState.MARKING:
        marked = {cluster.pk: str(cluster.uuid) for cluster in wall.clusters.all()}
        form = PointsForm(wall, initial={k: [marked[pk] for pk in keys] for k, keys in mine.marked.items()})
    return {
        "wall": wall,
        "mine": mine,
        "left": left,
        "has_marked": any(mine.marked.values()),
        "form": form,
        "groups": queries_wall.shown(wall).groups if wall.state == WallState.SHOWN else [],
        "poll_url": f"{wall_page(wall, 'wall_now')}?v={wall.stage}",
        "page_url": wall_page(wall),
        "screen_url": wall_page(wall, "wall_screen"),
    }


def _act(request: HttpRequest, wall: Wall, digest: str) -> tuple[PostItForm | PointsForm | None, str]:
    """Do what the button says; gives the form where it must be put right, else the words of thanks."""
    act = request.POST.get("act")
    if act == "write":
        form = PostItForm(request.POST)
        if not form.is_valid():
            return form, ""
        post_its.write(
            wall=wall,
            digest=digest,
            text=form.cleaned_data["text"],
            kind=PostItKind(form.cleaned_data["kind"]),
            language=current_language(),
        )
        return None, _("Your post-it is on the wall.")
    if act == "back" and request.POST.get("number", "").isdecimal():
        post_its.take_back(wall=wall, digest=digest, number=int(request.POST["number"]))
        return None, _("Your post-it is off the wall.")
    if act == "mark":
        points = PointsForm(wall, request.POST)
        if not points.is_valid():
            return points, ""
        chosen = {kind: points.chosen(kind) for kind in PointKind}
        marking.mark(wall=wall, digest=digest, priority=chosen[PointKind.PRIORITY], support=chosen[PointKind.SUPPORT])
        return None, _("Your points are noted. You may change them until the ranks are shown.")
    raise Http404


def _refused(request: HttpRequest, wall: Wall, error: RuleError) -> PostItForm | PointsForm | None:
    """The form with what was entered and why it was refused; what is closed is said at the top of the page."""
    form: PostItForm | PointsForm | None = None
    if wall.state == WallState.WRITING and request.POST.get("act") == "write":
        form = PostItForm(request.POST)
    if wall.state == WallState.MARKING and request.POST.get("act") == "mark":
        form = PointsForm(wall, request.POST)
    if form is None:
        messages.error(request, str(error.message))
        return None
    form.is_valid()
    form.add_error(error.field if error.field in form.fields else None, str(error.message))
    return form


# --- The screen ------------------------------------------------------------------------------------


@private_page
@require_safe
def screen(request: HttpRequest, code: str, basin: str | None = None) -> HttpResponse:
    """The wall, for all to see."""
    return render(request, "concertations/wall/screen.html", _screen(_wall(basin, code)))


@require_safe
def screen_now(request: HttpRequest, code: str, basin: str | None = None) -> HttpResponse:
    """The wall as a fragment, when something has changed since ``v``; 204 otherwise."""
    found = queries_wall.versions(basin, code)
    if found is None:
        raise Http404
    if request.GET.get("v") == str(found[0]):
        return HttpResponse(status=204)
    return render(request, "concertations/wall/_screen.html", _screen(_wall(basin, code)))


def _screen(wall: Wall) -> dict[str, Any]:
    phone_url = absolute_url(wall_page(wall))
    return {
        "wall": wall,
        "shown": queries_wall.shown(wall),
        "poll_url": f"{wall_page(wall, 'wall_screen_now')}?v={wall.version}",
        "phone_url": phone_url,
        "short_url": absolute_url(page("wall_enter", code_of(wall.meeting.series))).partition("//")[2],
        "code": code_image(phone_url),
    }
