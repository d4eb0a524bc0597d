"""The page in a real browser: silent, alone, and no wider than the screen."""

from __future__ import annotations

import pytest

from tests.reports.browser import Browser, chromium

PROGRAM = chromium()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine"),
]

WIDEST = "[document.documentElement.scrollWidth, innerWidth]"
LEFT_ALONE = """[...document.querySelectorAll('main *')].filter(e =>
    !e.closest('svg') && !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1
).map(e => e.outerHTML.slice(0, 80))"""
UNNAMED = """[...document.querySelectorAll('figure')].filter(f =>
    !f.querySelector('svg[role=img]')?.getAttribute('aria-label') || !f.querySelector('figcaption')
).length"""
UNDRAWN = """[...document.querySelectorAll('figure use')].filter(e => {
    const form = document.querySelector(e.getAttribute('href'));
    const { width, height } = e.getBBox();
    return !form || form.getAttribute('d') && !width && !height;
}).map(e => e.outerHTML)"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"


@pytest.fixture(scope="module")
def page(files, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(files["report.html"])
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(PROGRAM, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_asks_for_nothing_and_complains_of_nothing(browser, page, width, scheme):
    browser.open(page, width=width, scheme=scheme)
    browser.value(OPEN_ALL)
    wide, screen = browser.value(WIDEST)
    assert screen == width
    assert wide <= screen
    assert browser.value(LEFT_ALONE) == []
    asked = [e["request"]["url"] for e in browser.seen("Network.requestWillBeSent")]
    assert asked == [page.as_uri()]
    for complaint in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
        assert browser.seen(complaint) == []


def test_figures_are_drawn_and_described(browser, page):
    browser.open(page, width=1280)
    browser.value(OPEN_ALL)
    assert browser.value("document.querySelectorAll('figure svg').length") > 10
    assert browser.value(UNNAMED) == 0
    assert browser.value(UNDRAWN) == []


def test_colours_follow_the_screen(browser, page):
    grounds = []
    for scheme in ("light", "dark"):
        browser.open(page, width=390, scheme=scheme)
        grounds.append(browser.value("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(21, 24, 29)"]


def test_wide_figures_scroll_in_their_own_box(browser, page):
    browser.open(page, width=390)
    inner, outer = browser.value(
        "(b => [b.scrollWidth, b.clientWidth])(document.querySelector('figure .scroll'))"
    )
    assert outer <= 390 < inner


def test_a_fold_opens_for_the_keyboard_and_the_skip_link_comes_first(browser, page):
    browser.open(page, width=1280)
    for _ in range(2):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                         windowsVirtualKeyCode=9)  # fmt: skip
        if browser.value("document.activeElement.className") == "skip":
            break
    assert browser.value("document.activeElement.className") == "skip"
    browser.value("document.querySelector('summary').focus()")
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r",
                     windowsVirtualKeyCode=13)  # fmt: skip
    assert browser.value("document.querySelector('details').open") is True


def test_a_page_that_misbehaves_is_noticed(browser, tmp_path):
    """The checks above can fail."""
    path = tmp_path / "bad.html"
    path.write_text(
        "<main><p style='width:2000px'>wide<img src='missing.png'><script>console.log(1);"
        "throw new Error('x')</script><figure></figure></main>",
        encoding="utf-8",
    )
    browser.open(path, width=1280)
    wide, screen = browser.value(WIDEST)
    assert wide > screen
    assert browser.value(LEFT_ALONE)
    assert browser.value(UNNAMED) == 1
    assert len(browser.seen("Network.requestWillBeSent")) > 1
    assert browser.seen("Runtime.consoleAPICalled")
    assert browser.seen("Runtime.exceptionThrown")
