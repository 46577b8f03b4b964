"""Looks at every page of the dashboard in a browser; see scripts/check-dashboard."""

import argparse
import importlib.util
import json
import pathlib
import sys
import threading
import urllib.parse

import fixture_server
from playwright.sync_api import sync_playwright

FOLDER = pathlib.Path(__file__).parent.parent.parent / ".build/dashboard"
WIDTHS = (360, 1280, 1920)
THEMES = ("light", "dark")
# Rules of WCAG 2.2 A and AA, and axe's own good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Texts of a drawing that lie over one another, or beside it.
OVERLAPS = """() => {
  const found = [];
  for (const chart of document.querySelectorAll("svg.chart")) {
    const frame = chart.getBoundingClientRect();
    const boxes = [...chart.querySelectorAll("text")].map(text => ({ words: text.lastChild.textContent, box: text.getBoundingClientRect() }));
    for (const { words, box } of boxes) {
      if (box.left < frame.left - 2 || box.right > frame.right + 2) found.push(`${chart.getAttribute("class")}: "${words}" leaves the drawing`);
    }
    boxes.forEach((a, index) => boxes.slice(index + 1).forEach(b => {
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (across > 2 && down > 5) found.push(`${chart.getAttribute("class")}: "${a.words}" over "${b.words}"`);
    }));
  }
  return found;
}"""

# What reaches beyond the window, which makes a page scroll sideways.
TOO_WIDE = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1
  ? [...document.querySelectorAll("main *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 3).map(one => `${one.tagName}.${one.className}`) : []"""

SMALL_TARGETS = """() => [...document.querySelectorAll("button, .pages a")].filter(one => {
  const box = one.getBoundingClientRect();
  return one.offsetParent && box.width && box.height < 40 && innerWidth < 600 && !one.closest("thead");
}).map(one => `"${one.textContent || one.getAttribute("aria-label")}" is less than 40 px high`)"""


def checker_is_away():
    return fixture_server.Handler.is_away


class Checker:
    def __init__(self, browser, base, cookie):
        self.browser, self.base, self.cookie = browser, base, cookie
        self.faults, self.count = [], 0
        place = importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0]
        self.axe = pathlib.Path(place, "axe.min.js").read_text(encoding="utf-8")

    def fault(self, place, text):
        self.faults.append(f"{place}: {text}")
        print(f"  {place}: {text}", flush=True)

    def open(self, place, state=None, width=1280, height=800, theme="light", **more):
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            timezone_id="Europe/Berlin",
            **more,
        )
        cookies = [self.cookie] if self.cookie else []
        if state:
            cookies.append({"name": "state", "value": state, "url": self.base})
        if cookies:
            context.add_cookies(cookies)
        page = context.new_page()
        host = urllib.parse.urlsplit(self.base).netloc

        def route(one):
            if urllib.parse.urlsplit(
                one.request.url
            ).netloc != host and not one.request.url.startswith(("data:", "blob:")):
                self.fault(place, f"asks {one.request.url}")
                one.abort()
            else:
                one.continue_()

        page.route("**/*", route)
        # A refused session or page is what the state is about, and the browser logs its status.
        page.on(
            "console",
            lambda message: (
                None
                if message.text.startswith("Failed to load resource")
                and (state in ("signed-out", "away") or checker_is_away())
                else self.fault(place, f"console: {message.text}")
            ),
        )
        page.on("pageerror", lambda error: self.fault(place, f"error: {error}"))
        if not self.cookie:
            page.clock.install(time="2026-11-30T15:18:30Z")
        return page

    def settle(self, page, place=""):
        page.wait_for_function(
            "() => !document.querySelector('.loading') && !document.body.classList.contains('busy')",
            timeout=15000,
        )
        page.wait_for_timeout(120)

    def look(self, name, state, theme, width):
        place = f"{name.split('?')[0]}-{state}-{theme}-{width}"
        page = self.open(place, None if self.cookie else state, width, theme=theme)
        page.goto(f"{self.base}/#/{name}")
        self.settle(page)
        page.screenshot(path=str(FOLDER / f"{place}.png"), full_page=True)
        page.evaluate(self.axe)
        found = page.evaluate(
            "tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS
        )
        for violation in found["violations"]:
            nodes = "; ".join(
                node["html"][:120] + " " + (node["failureSummary"] or "").replace("\n", " ")[:200]
                for node in violation["nodes"][:2]
            )
            self.fault(place, f"axe {violation['id']} ({len(violation['nodes'])}): {nodes}")
        for script in (OVERLAPS, TOO_WIDE, SMALL_TARGETS):
            for text in page.evaluate(script)[:4]:
                self.fault(place, text)
        self.count += 1
        page.context.close()


def keyboard(checker, posted):
    """The main flows without a mouse."""
    place = "keyboard"
    page = checker.open(place, "fire", accept_downloads=True)

    def expect(condition, text):
        if not condition:
            checker.fault(place, text)

    page.goto(f"{checker.base}/#/overview")
    checker.settle(page)
    page.keyboard.press("Tab")
    expect(
        page.evaluate("document.activeElement.id") == "skip",
        "the first stop is not the link to the page",
    )
    page.keyboard.press("2")
    page.wait_for_url("**/#/monitor*")
    checker.settle(page)
    expect(
        page.get_attribute("[data-page=monitor]", "aria-current") == "page",
        "2 does not open the second page",
    )
    page.keyboard.press("]")
    page.wait_for_url("**window=48h*")
    checker.settle(page)
    page.keyboard.press("[")
    checker.settle(page)
    expect("window" not in page.url, "[ does not go back to the default window")
    # The cursor of the chart.
    page.wait_for_selector(".plot canvas")
    page.focus(".plot")
    page.keyboard.press("Home")
    first = page.inner_text(".readout")
    page.keyboard.press("ArrowRight")
    second = page.inner_text(".readout")
    expect(first != second and "%" in second, f"arrows do not move the cursor: {first} {second}")
    page.keyboard.press("n")
    expect(
        "WARNING" in page.inner_text(".readout"),
        f"n does not find the departure: {page.inner_text('.readout')}",
    )
    page.keyboard.press("+")
    page.wait_for_url("**from=*")
    checker.settle(page)
    page.wait_for_selector(".plot canvas")
    page.focus(".plot")
    page.keyboard.press("0")
    page.wait_for_function("() => !location.hash.includes('from=')")
    # Zone, theme, help.
    page.keyboard.press("u")
    expect("ui.zone=utc" in page.url, "u does not choose UTC")
    expect("13:26" not in page.inner_text("h1"), "times stay in the zone of the viewer")
    page.keyboard.press("u")
    page.keyboard.press("d")
    expect("ui.theme=" in page.url, "d does not change the colours")
    page.keyboard.press("h")
    expect(page.is_visible("#sheet h2"), "h opens no help")
    page.keyboard.press("Escape")
    expect(not page.is_visible("#sheet h2"), "Escape does not close the sheet")
    # The sheet of a number, and back to where it was.
    page.keyboard.press("1")
    page.wait_for_url("**/#/overview*")
    checker.settle(page)
    change = page.inner_text(".tile:nth-child(3) .tile-change")
    expect("31.30\u202fpt" in change, f"the change of a rate is not in points: {change!r}")
    page.focus(".tile .why")
    page.keyboard.press("Enter")
    expect("SELECT" in page.inner_text("#sheet"), "the sheet has no SQL")
    expect("ui.ask=" in page.url, "the sheet is not in the address")
    address = page.url
    page.keyboard.press("Escape")
    expect(
        page.evaluate("document.activeElement.classList.contains('why')"),
        "the focus does not return to the ?",
    )
    page.goto("about:blank")
    page.goto(address)
    checker.settle(page)
    expect(page.is_visible("#sheet h2"), "the address does not open the sheet")
    page.keyboard.press("Escape")
    # A table beside its chart, and CSV of it.
    page.focus("#block-stock\\.backlog_by_age")
    page.keyboard.press("t")
    expect(page.is_visible("#block-stock\\.backlog_by_age table"), "t opens no table")
    with page.expect_download() as download:
        page.keyboard.press("c")
    text = pathlib.Path(download.value.path()).read_bytes().decode()
    expect(
        text.startswith("age_bucket,payment_count,amount\r\n") and len(text.splitlines()) == 6,
        f"CSV is {text!r}",
    )
    # An action.
    page.focus(".card .action")
    page.keyboard.press("Enter")
    page.keyboard.type("looking at it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("() => !document.getElementById('sheet').open")
    expect(
        posted and posted[-1] == ("/api/v1/alerts/4711/acknowledge", {"note": "looking at it"}),
        f"the action sent {posted[-1:]}",
    )
    # Sort a table.
    page.keyboard.press("4")
    page.wait_for_url("**/#/alerts*")
    checker.settle(page)
    page.focus("[data-f='sort-open.open_alerts-severity']")
    page.keyboard.press("Enter")
    expect(
        page.inner_text("tbody tr:first-child td:nth-child(2)") == "SEVERE",
        "severity sorts by its letters",
    )
    expect("ui.sort=" in page.url, "the order is not in the address")
    # Hostile text in CSV.
    page.keyboard.press("6")
    page.wait_for_url("**/#/customers*")
    checker.settle(page)
    page.focus("#block-top\\.by_count")
    with page.expect_download() as download:
        page.keyboard.press("c")
    text = pathlib.Path(download.value.path()).read_bytes().decode()
    expect('"\'=HYPERLINK(""x"")"' in text, f"a formula passes into CSV: {text!r}")
    page.context.close()


def sign_in(checker):
    """A browser without a session takes a token, and says so when it is none."""
    place = "sign-in"
    page = checker.open(place, "signed-out")
    page.goto(f"{checker.base}/#/monitor")
    page.wait_for_selector("#token")
    page.focus("#token")
    page.keyboard.type("another")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.form-error').textContent")
    if "unknown" not in page.inner_text(".form-error"):
        checker.fault(place, f"a wrong token is answered by {page.inner_text('.form-error')!r}")
    page.fill("#token", " a-token ")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sentence")
    if "monitor" not in page.url:
        checker.fault(place, "the page that was asked for is lost")
    page.context.close()


def live(checker):
    """What changes on the server changes on the page, in place; what goes away says so."""
    place = "live"
    page = checker.open(place, "normal")
    page.goto(f"{checker.base}/#/overview")
    checker.settle(page)
    page.evaluate("window.before = document.querySelector('.tile')")
    page.clock.run_for(6000)
    page.wait_for_timeout(300)
    if not page.evaluate("window.before.isConnected"):
        checker.fault(place, "a page that has not changed is drawn again")
    page.evaluate("window.calm = document.querySelector('.form-stack')")
    fixture_server.Handler.revision = "8f3b"
    fixture_server.fixture_pages.PAYMENTS = 3226
    page.clock.run_for(6000)
    page.wait_for_timeout(400)
    if "3\u202f226" not in page.inner_text(".tile"):
        checker.fault(place, "a new revision does not reach the page")
    if not page.evaluate("window.calm.isConnected"):
        checker.fault(place, "a block that has not changed is drawn again")
    if page.locator(".changed").count() != 1:
        checker.fault(place, f"{page.locator('.changed').count()} figures fade in instead of one")
    # The server answers, and the figures are behind all the same.
    if page.is_visible("#stale"):
        checker.fault(place, "current figures are called old")
    fixture_server.fixture_pages.LAG = 723
    fixture_server.Handler.revision = "8f3b2"
    page.clock.run_for(6000)
    page.wait_for_timeout(400)
    words = page.inner_text("#stale") if page.is_visible("#stale") else ""
    if "12 min" not in words.replace("\u202f", " ") or "431 changes" not in words:
        checker.fault(place, f"old figures are not said to be old: {words!r}")
    page.screenshot(path=str(FOLDER / "stale-normal-light-1280.png"))
    fixture_server.fixture_pages.LAG = 0
    fixture_server.Handler.revision = "8f3b3"
    page.clock.run_for(6000)
    page.wait_for_timeout(400)
    if page.is_visible("#stale"):
        checker.fault(place, "figures that are current again are called old")
    fixture_server.Handler.is_away = True
    page.clock.run_for(6000)
    page.wait_for_timeout(400)
    if not page.is_visible("#contact"):
        checker.fault(place, "a server that does not answer is not said to")
    page.screenshot(path=str(FOLDER / "away-normal-light-1280.png"))
    fixture_server.Handler.is_away = False
    page.clock.run_for(6000)
    page.wait_for_timeout(400)
    if page.is_visible("#contact"):
        checker.fault(place, "the message stays when the server answers again")
    # A chart keeps its canvas, its cursor and the focus when newer values come.
    page.goto(f"{checker.base}/#/monitor")
    checker.settle(page)
    page.wait_for_selector(".plot canvas")
    page.focus(".plot")
    page.keyboard.press("Home")
    readout = page.inner_text(".readout")
    page.evaluate("window.before = document.querySelector('.plot canvas')")
    fixture_server.Handler.revision = "8f3c"
    fixture_server.fixture_pages.PAYMENTS = 3227
    page.clock.run_for(6000)
    page.wait_for_timeout(500)
    if not page.evaluate(
        "window.before.isConnected && document.activeElement.classList.contains('plot')"
    ):
        checker.fault(place, "a chart is drawn anew, or loses the focus, when newer values come")
    if page.inner_text(".readout") != readout:
        checker.fault(
            place,
            f"the cursor moves when newer values come: {readout}, {page.inner_text('.readout')}",
        )
    page.context.close()


def weight(checker, names):
    """All that a page loads, gzipped."""
    import gzip
    import urllib.request

    for name in names:
        page = checker.open("weight", "fire")
        sizes = {}
        page.on(
            "response",
            lambda answer: (
                sizes.update({answer.url: len(gzip.compress(answer.body(), 9))})
                if answer.status == 200
                else None
            ),
        )
        page.goto(f"{checker.base}/#/{name}")
        checker.settle(page)
        page.wait_for_timeout(200)
        total = sum(sizes.values())
        print(f"  {name}: {total / 1000:.1f} kB gzipped in {len(sizes)} answers", flush=True)
        if total > 100_000:
            checker.fault("weight", f"{name} weighs {total} bytes")
        page.context.close()
    del urllib


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", help="a running server instead of the fixture")
    parser.add_argument("--cookie", help="NAME=VALUE of a session on it")
    parser.add_argument("--pages", help="only these, with commas")
    parser.add_argument("--quick", action="store_true", help="one state and one theme a page")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    server = None
    base = (options.url or "").rstrip("/")
    if not base:
        server = fixture_server.serve()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
    cookie = None
    if options.cookie:
        name, _, value = options.cookie.partition("=")
        cookie = {"name": name, "value": value, "url": base}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        checker = Checker(browser, base, cookie)
        if server:
            names = list(fixture_server.fixture_pages.BUILDERS)
            states = fixture_server.fixture_pages.STATES
        else:
            page = checker.open("pages")
            page.goto(base)
            answer = page.request.get(f"{base}/api/v1/pages")
            names = [one["name"] for one in answer.json()["pages"]]
            states = ("real",)
            page.context.close()
        if options.pages:
            names = options.pages.split(",")
        for name in names:
            for state in states[-1:] if options.quick else states:
                for theme in THEMES[:1] if options.quick else THEMES:
                    for width in WIDTHS:
                        checker.look(name, state, theme, width)
        if server and not options.pages:
            for state in ("signed-out", "away"):
                for theme in THEMES:
                    checker.look("overview", state, theme, 1280)
            keyboard(checker, fixture_server.Handler.posted)
            sign_in(checker)
            live(checker)
            weight(checker, names)
        browser.close()
    (FOLDER / "faults.json").write_text(json.dumps(checker.faults, indent=1), encoding="utf-8")
    print(f"{checker.count} views in {FOLDER}, {len(checker.faults)} faults")
    sys.exit(1 if checker.faults else 0)


if __name__ == "__main__":
    main()
