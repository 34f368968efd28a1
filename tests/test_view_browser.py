"""The page in a browser: what a reader sees and clicks. Skipped where there is no Chromium."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.types import Article, Statement
from kg.view import write_html
from tests.view_sample import HOSTILE, hostile, large, sample

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (_CHROMIUM and _DRIVER), reason="chromium and chromedriver are not both installed"
    ),
]

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-GB",
]

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(_CHROMIUM)
    profile = tmp_path_factory.mktemp("profile")
    for flag in [*_FLAGS, f"--user-data-dir={profile}", "--window-size=1366,768"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(_DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Open:
    """Return a function that writes a page, opens it and returns the browser."""

    def open_page(
        articles: list[Article], statements: list[Statement], size: tuple[int, int] = (1366, 768)
    ) -> Any:
        path = tmp_path / "graph.html"
        write_html(articles, statements, path, "News")
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False},
        )
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(path.as_uri())
        return browser

    return open_page


def _click(browser: Any, point: dict[str, float]) -> None:
    chain = ActionChains(browser)
    chain.w3c_actions.pointer_action.move_to_location(round(point["x"]), round(point["y"]))
    chain.w3c_actions.pointer_action.click()
    chain.perform()
    time.sleep(0.5)  # the canvas library waits for a second click


def _edge(browser: Any, subject: str, relation: str, **wanted: Any) -> dict[str, float]:
    point: dict[str, float] = browser.execute_script(
        """const {data, pointOfEdge} = graphView;
        const edge = data.edges.find(e => data.nodes[e.from].en === arguments[0]
          && e.relation === arguments[1]
          && Object.entries(arguments[2]).every(([k, v]) => e[k] === v));
        return pointOfEdge(edge.id);""",
        subject,
        relation,
        wanted,
    )
    return point


def _node(browser: Any, name: str) -> dict[str, float]:
    point: dict[str, float] = browser.execute_script(
        "return graphView.pointOfNode(graphView.data.nodes.find(n => n.en === arguments[0]).id)",
        name,
    )
    return point


def _panel(browser: Any) -> str:
    text: str = browser.find_element(By.ID, "panel").text
    return text


def _complaints(browser: Any) -> list[str]:
    return [entry["message"] for entry in browser.get_log("browser")]


def _requests(browser: Any) -> list[str]:
    events = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    urls = [
        e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"
    ]
    return [url for url in urls if not url.startswith(("data:", "about:"))]


def test_the_page_opens_without_a_request_or_a_complaint(show: Open) -> None:
    browser = show(*sample())
    time.sleep(0.5)
    assert browser.find_element(By.ID, "counts").text == "31 nodes · 52 statements · 8 articles"
    assert [url.rsplit("/", 1)[-1] for url in _requests(browser)] == ["graph.html"]
    assert _complaints(browser) == []


def test_a_click_on_a_line_shows_the_sentence(show: Open) -> None:
    browser = show(*sample())
    _click(browser, _edge(browser, "North Korea", "suppliesArmsTo", kind="claim", negative=True))
    text = _panel(browser)
    assert "keine Waffen an Russland, hieß es in Pjöngjang." in text
    assert "Nordkoreas Soldaten in Kursk · Beispielredaktion · published 5 Nov 2024" in text
    assert "Who says so\nNorth Korea" in text
    marks = browser.find_elements(By.CSS_SELECTOR, "blockquote mark")
    assert [m.text for m in marks] == ["Nordkorea", "liefere", "Russland"]
    link = browser.find_element(By.CSS_SELECTOR, "article a")
    assert link.get_attribute("href") == "https://news.example/kursk"
    assert "noopener" in link.get_attribute("rel")


def test_parallel_lines_are_both_there_to_click(show: Open) -> None:
    browser = show(*sample())
    _click(browser, _edge(browser, "Germany", "suppliesArmsTo", negative=True))
    assert "Taurus" in _panel(browser)
    assert "Leopard" not in _panel(browser)
    _click(browser, _edge(browser, "Germany", "suppliesArmsTo", negative=False))
    assert "Leopard" in _panel(browser)
    assert "Taurus" not in _panel(browser)


def test_a_click_on_a_node_lists_its_statements_newest_first(show: Open) -> None:
    browser = show(*sample())
    _click(browser, _node(browser, "Germany"))
    text = _panel(browser)
    order = ["Patriot", "Taurus", "Leopard"]  # July 2024, article of April 2024, March 2023
    assert sorted(order, key=text.index) == order
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    assert "Latest statements" in _panel(browser)


def test_legend_and_filters_hide_and_show(show: Open) -> None:
    browser = show(*sample())
    counts = browser.find_element(By.ID, "counts")
    browser.find_element(By.CSS_SELECTOR, "[data-class=Person]").click()
    assert counts.text.startswith("25 of 31 nodes")
    browser.find_element(By.CSS_SELECTOR, "[data-class=Person]").click()
    assert counts.text.startswith("31 nodes")
    browser.find_element(By.ID, "facts").click()
    assert "42 of 52 statements" in counts.text
    assert "hieß es in Pjöngjang" not in _panel(browser)
    browser.find_element(By.ID, "facts").click()
    browser.find_element(By.CSS_SELECTOR, "#types summary").click()
    browser.find_element(By.ID, "types-none").click()
    assert browser.find_element(By.ID, "nothing").is_displayed()
    browser.find_element(By.CSS_SELECTOR, "#type-list [value=SANCTION]").click()
    assert "2 of 52 statements" in counts.text
    assert _complaints(browser) == []


def test_german_and_english(show: Open) -> None:
    browser = show(*sample())
    _click(browser, _node(browser, "Kim Jong Un"))
    browser.find_element(By.CSS_SELECTOR, "[data-lang=de]").click()
    assert "ist Staatsoberhaupt von Nordkorea" in _panel(browser)
    assert "19. Juni 2024" in _panel(browser)
    assert browser.find_element(By.ID, "counts").text == "31 Knoten · 52 Aussagen · 8 Artikel"
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "de"


def test_search_by_keyboard_in_the_other_language(show: Open) -> None:
    browser = show(*sample())
    box = browser.find_element(By.ID, "query")
    box.send_keys("sudkor")  # the page is in English, and the umlaut is missing
    hits = browser.find_elements(By.CSS_SELECTOR, "#hits li")
    assert [h.text for h in hits] == ["South Korea State · Südkorea"]
    box.send_keys(Keys.ENTER)
    assert browser.find_element(By.CSS_SELECTOR, "#panel h2").text == "South Korea"
    assert browser.switch_to.active_element.get_attribute("id") == "panel"


@pytest.mark.parametrize("nasty", HOSTILE)
def test_hostile_text_does_nothing(show: Open, nasty: str) -> None:
    browser = show(*hostile(nasty))
    _click(browser, _node(browser, nasty))
    browser.find_element(By.CSS_SELECTOR, "[data-lang=de]").click()
    box = browser.find_element(By.ID, "query")
    box.send_keys("a" if "a" in nasty else "_")
    _click(browser, _edge(browser, nasty, nasty))
    assert browser.execute_script("return window.broken") is None
    assert browser.find_elements(By.CSS_SELECTOR, "#panel a") == []
    assert browser.find_elements(By.CSS_SELECTOR, "img, #panel svg") == []
    assert "window.broken" not in nasty or "window.broken" in _panel(browser)
    assert len(_requests(browser)) == 1
    assert _complaints(browser) == []


def test_an_empty_graph_says_so(show: Open) -> None:
    browser = show([], [])
    assert "No statements found" in browser.find_element(By.ID, "empty").text
    assert not browser.find_element(By.ID, "panel").is_displayed()
    assert _complaints(browser) == []


def test_on_a_phone_the_evidence_slides_over_the_graph(show: Open) -> None:
    browser = show(*sample(), size=(390, 844))
    assert not browser.find_element(By.ID, "panel").is_displayed()
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    _click(browser, _node(browser, "Ukraine"))
    panel = browser.find_element(By.ID, "panel")
    assert panel.is_displayed()
    time.sleep(0.4)
    assert _node(browser, "Ukraine")["y"] < panel.rect["y"]
    browser.find_element(By.CSS_SELECTOR, "#panel .close").click()
    assert not panel.is_displayed()
    browser.find_element(By.ID, "list").click()
    assert "Latest statements" in _panel(browser)


@pytest.mark.slow
def test_a_thousand_nodes_are_ready_in_two_seconds(show: Open) -> None:
    articles, statements = large(1000)
    start = time.monotonic()
    browser = show(articles, statements)
    print(f"written and opened in {time.monotonic() - start:.1f} s")
    ready = browser.execute_async_script(
        """const done = arguments[0];
        const look = () => {
          const [mark] = performance.getEntriesByName("interactive");
          if (mark) done(mark.startTime); else setTimeout(look, 20);
        };
        look();"""
    )
    print(f"interactive after {ready:.0f} ms")
    assert ready < 2000
    start = time.monotonic()
    browser.find_element(By.CSS_SELECTOR, "[data-class=Person]").click()
    browser.execute_async_script("requestAnimationFrame(() => arguments[0]())")
    assert time.monotonic() - start < 1.5
    assert _complaints(browser) == []


def test_the_page_follows_the_colours_of_the_system(show: Open) -> None:
    browser = show(*sample())
    grounds = []
    for scheme in ("dark", "light"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        grounds.append(
            browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        )
    assert grounds == ["rgb(19, 21, 25)", "rgb(246, 245, 242)"]
    assert _complaints(browser) == []
