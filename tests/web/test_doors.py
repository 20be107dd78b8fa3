"""Who may see what: each address asks for its right, and nobody learns of areas not their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from linli.core.access.rules import Permission
from tests.web.conftest import PASSWORD, Office, said

SAMPLE = {
    "kind": "base.visit",
    "ledger_id": "base.visits_ledger",
    "indicator": "base.visited_households",
    "token": "a" * 32,
    "record_id": uuid4(),
    "report_id": uuid4(),
    "source_id": uuid4(),
    "evidence_id": uuid4(),
}


def _area_pages(slug: str) -> Iterator[tuple[str, str, Permission]]:
    """(name, address, permission) of each page of an area."""
    (area,) = [
        one for one in get_resolver().url_patterns if str(one.pattern) == "a/<slug:slug>/"
    ] or [
        inner
        for one in get_resolver().url_patterns
        for inner in getattr(one, "url_patterns", [])
        if str(inner.pattern) == "a/<slug:slug>/"
    ]
    for page in area.url_patterns:
        assert isinstance(page, URLPattern)
        wanted = page.pattern.converters.keys()
        arguments = {"slug": slug} | {k: v for k, v in SAMPLE.items() if k in wanted}
        if "kind" in wanted and "report_id" in wanted:
            arguments["kind"] = "docx"
        permission = page.callback.permission  # type: ignore[attr-defined]
        yield str(page.name), reverse(str(page.name), kwargs=arguments), permission


def test_every_page_of_an_area_is_hidden_from_the_neighbour(
    as_user: Callable[[str], Client],
) -> None:
    neighbour = as_user("neighbour")
    pages = list(_area_pages("garden"))
    assert len(pages) > 20
    hidden = {name: _status(neighbour, at) for name, at, _ in pages}
    assert set(hidden.values()) == {404}, hidden


def _status(client: Client, at: str) -> int:
    """What a page answers, asked the way it wants to be asked."""
    looked = client.get(at).status_code
    return client.post(at).status_code if looked == 405 else looked


def _without_token(answer: Any) -> str:
    return re.sub(r'value="\w{64}"', "", said(answer))


def test_an_area_that_is_not_there_and_one_not_allowed_look_the_same(
    as_user: Callable[[str], Client],
) -> None:
    neighbour = as_user("neighbour")
    foreign, absent = neighbour.get("/a/garden/"), neighbour.get("/a/nowhere/")
    assert _without_token(foreign) == _without_token(absent)
    assert "花园" not in said(foreign)


def test_a_reader_is_told_which_right_is_missing(as_user: Callable[[str], Client]) -> None:
    inspector = as_user("inspector")
    for name, address, permission in _area_pages("garden"):
        if permission in (Permission.READ, Permission.AUDIT) or "commit" in name:
            continue
        answer = inspector.get(address)
        if answer.status_code == 405:
            answer = inspector.post(address)
        assert answer.status_code == 403, name
        assert "权限" in said(answer)


def test_a_street_sees_its_communities_and_records_nothing(
    as_user: Callable[[str], Client], office: Office
) -> None:
    above = as_user("above")
    assert above.get("/a/garden/records/").status_code == 200
    assert above.get("/a/garden/records/new/").status_code == 403
    assert {"东街街道", "花园社区", "河畔社区"} <= {
        row["area"].name for row in above.get("/").context["rows"]
    }


def test_whoever_has_one_area_goes_straight_in(director: Client) -> None:
    answer = director.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == "/a/garden/"


def test_whoever_has_none_is_told_whom_to_ask(as_user: Callable[[str], Client]) -> None:
    assert "请找管理员" in said(as_user("newcomer").get("/"))


def test_a_record_of_the_neighbour_is_not_shown_through_ones_own_area(
    director: Client, office: Office
) -> None:
    theirs = office.visit(area=office.river, title="河畔的事")
    answer = director.get(f"/a/garden/records/{theirs.id}/")
    assert answer.status_code == 404
    assert "河畔" not in said(answer)
    assert (
        director.post(f"/a/garden/records/{theirs.id}/withdraw/", {"reason": "x"}).status_code
        == 404
    )


def test_private_pages_are_never_stored_and_run_nothing_inline(director: Client) -> None:
    answer = director.get("/a/garden/records/")
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in said(answer)
    assert " style=" not in said(answer)


def test_cookies_are_kept_from_scripts(as_user: Callable[[str], Client]) -> None:
    client = as_user("worker")
    session = client.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


def test_wrong_passwords_are_counted_and_then_refused(office: Office) -> None:
    client = Client()
    for _ in range(5):
        answer = client.post("/sign-in/", {"login": "worker", "password": "wrong"})
        assert "登录名或密码不对" in said(answer)
    answer = client.post("/sign-in/", {"login": "worker", "password": PASSWORD})
    assert answer.status_code == 422
    assert "次数太多" in said(answer)
    assert client.post("/sign-in/", {"login": "director", "password": PASSWORD}).status_code == 302


def test_a_name_nobody_has_is_refused_in_the_same_words(office: Office) -> None:
    client = Client()
    answers = {
        login: [
            said(client.post("/sign-in/", {"login": login, "password": "wrong"})).replace(login, "")
            for _ in range(6)
        ]
        for login in ("worker", "nobody")
    }

    def words(page: str) -> str:
        return page[page.index("<h2>登录</h2>") : page.index("密码</label>")]

    assert [words(p) for p in answers["worker"]] == [words(p) for p in answers["nobody"]]


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_sign_in_leads_nowhere_else(office: Office, onward: str) -> None:
    form = {"login": "worker", "password": PASSWORD, "next": onward}
    assert Client().post("/sign-in/", form)["Location"] == "/"


def test_a_forged_form_is_refused_in_words(office: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"login": "worker", "password": PASSWORD})
    assert answer.status_code == 403
    assert "页面已过期" in said(answer)


def test_health_needs_no_database() -> None:
    assert Client().get("/health/").content == b"ok"


def test_an_address_that_is_none(director: Client) -> None:
    answer = director.get("/nothing/here/")
    assert answer.status_code == 404
    assert "没有这个页面" in said(answer)


def test_signing_out_ends_the_session(director: Client) -> None:
    director.post("/sign-out/")
    answer: Any = director.get("/a/garden/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
