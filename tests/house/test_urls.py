"""Each address has a permission, or stands in the short list of public ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from linli.core.audit.rules import Permission

PUBLIC = {
    "sign-in",  # to get in
    "sign-out",  # to get out
    "health",  # says that the server lives, nothing else
    "service-worker",  # a static script that must lie at the root
    "manifest",  # name and icon of the app
}


def _walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


def _addresses() -> list[tuple[str, URLPattern]]:
    found = list(_walk(get_resolver().url_patterns))
    assert found, "the site has no address"
    return found


def _permission(view: Callable[..., Any]) -> Any:
    """The permission of a function view, or of the class behind `as_view()`."""
    own = getattr(view, "permission", None)
    return own or getattr(getattr(view, "view_class", None), "permission", None)


def test_each_address_has_a_permission() -> None:
    open_ones = [
        f"/{address} ({pattern.name})"
        for address, pattern in _addresses()
        if pattern.name not in PUBLIC and not isinstance(_permission(pattern.callback), Permission)
    ]
    assert not open_ones, "no permission and not in the public list:\n" + "\n".join(open_ones)


def test_each_address_has_a_name() -> None:
    assert not [address for address, pattern in _addresses() if not pattern.name]


def test_the_public_list_holds_nothing_that_needs_a_permission() -> None:
    named = {pattern.name: pattern for _, pattern in _addresses()}
    assert not [n for n in PUBLIC & named.keys() if _permission(named[n].callback)]


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in() -> None:
    """Every page without arguments refuses a visitor who has not signed in."""
    client = Client()
    plain = [a for a, p in _addresses() if "<" not in a and p.name not in PUBLIC]
    assert plain
    answers = {address: client.get(f"/{address}") for address in plain}
    let_in = {a: r.status_code for a, r in answers.items() if r.status_code not in {302, 403, 405}}
    assert not let_in
    elsewhere = [a for a, r in answers.items() if r.status_code == 302 and "sign-in" not in r.url]
    assert not elsewhere
