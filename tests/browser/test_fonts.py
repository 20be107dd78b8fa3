"""Chinese is legible on a device that has no Chinese font."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAME_BOX = """async (tag) => {
  const family = getComputedStyle(document.querySelector(tag)).fontFamily;
  await document.fonts.load(`20px ${family}`, '邻里');
  const drawn = (character) => {
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = `20px ${family}`;
    pen.fillText(character, 2, 20);
    return pen.getImageData(0, 0, 24, 24).data.join();
  };
  return drawn('邻') === drawn('里');
}"""


@pytest.mark.parametrize("tag", ["body", "h1"])
def test_two_characters_look_different(open_page: Callable[..., Page], tag: str) -> None:
    page = open_page("demo-director", WIDE)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert not page.evaluate(SAME_BOX, tag)
    assert page.request.get("/static/dist/fonts.css").ok
