"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.core.access import actions, queries
from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "web.sign_in.wrong": ("登录名或密码不对。", "请核对后再试；忘记密码请找管理员重设。"),
        "web.sign_in.incomplete": ("登录名和密码都要填写。", "请填好再登录。"),
    }
)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form; a right password leads to the page that was asked for."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    problem: Refusal | None = None
    name = request.POST.get("login", "").strip()
    if request.method == "POST":
        try:
            _enter(request, name, request.POST.get("password", ""))
            return HttpResponseRedirect(onward)
        except Refusal as fault:
            problem = fault
    context = {"problem": problem, "login": name, "next": onward}
    return render(request, "web/sign_in.html", context, status=422 if problem else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


def _enter(request: HttpRequest, name: str, password: str) -> None:
    if not name or not password:
        raise Refusal("web.sign_in.incomplete")
    queries.may_try(name)
    user = authenticate(request, username=name, password=password)
    if user is None:
        actions.note_failed_sign_in(actor=queries.visitor(), login=name)
        raise Refusal("web.sign_in.wrong")
    login(request, user)


def _onward(request: HttpRequest) -> str:
    """The page asked for before, if it is one of ours; else the start."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else "/"
