"""The class report of 1,000 submissions in a real browser: opened from disk, on a desk and on a phone, and on paper.

What the browser saw is kept in `test-artefacts/`.
"""

import contextlib
import re

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from autograder.course.contents import COURSE
from autograder.instructor.report import build_report, gather, write_report
from autograder.instructor.report._page import by_cause
from autograder.instructor.report._schema import Oddity

SEEN = COURSE.home / "test-artefacts"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


def test_one_cause_is_one_line_whoever_shares_it():
    odd = [Oddity(f"s{number}", "1-neuron", "sigmoid counts 4 points.") for number in range(56)]
    odd += [Oddity("s1", "1-neuron", "Odd."), Oddity("s1", "3-layer", "Odd."), Oddity("s2", "3-layer", "Odd.")]
    assert by_cause(odd) == [
        Oddity("s0, s1, s2, s3, s4 and 51 more", "1-neuron", "sigmoid counts 4 points."),
        Oddity("s1", "1-neuron", "Odd."),
        Oddity("s1, s2", "3-layer", "Odd."),
    ]


@pytest.fixture(scope="module")
def written(made_up_results, tmp_path_factory):
    """The page of a class that handed in 1,000 times or a little more."""
    folder = tmp_path_factory.mktemp("class")
    students = [HOSTILE, "Zoë O'Hara", *(f"student-{number:03}" for number in range(160))]
    *graded, last = COURSE.lessons
    results = made_up_results(students, graded)
    assert len(results) >= 1000
    refused = {"assignment": last.name, "problem": "<script>alert(3)</script>", "questions": ()}
    results.append(msgspec.structs.replace(results[0], **refused))
    (folder / "results.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, results)))
    return write_report(build_report(gather(folder / "results.jsonl"), COURSE), folder / "report")


@pytest.fixture
def opened(browser, written):
    """``with opened(DESK) as page``: the page, which must be content and ask nobody for anything."""

    @contextlib.contextmanager
    def open_at(size, **settings):
        page = browser.new_page(viewport=size, **settings)
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(error.stack))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(written.as_uri())
        expect(page.locator("#questions-chart svg")).to_be_visible()
        yield page
        page.close()
        assert said == []
        assert asked == [written.as_uri()]

    return open_at


def test_page_is_small(written):
    assert written.stat().st_size < 3e6


@pytest.mark.parametrize(
    ("name", "size", "scheme"), [("desk", DESK, "light"), ("phone", PHONE, "dark")], ids=["desk", "phone"]
)
def test_page_is_whole_and_accessible(opened, name, size, scheme):
    with opened(size, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        for chart in ("#scores-chart", "#questions-chart", "#tests-chart", ".measured-chart"):
            box = page.locator(f"{chart} svg").bounding_box()
            assert box["width"] > size["width"] * 0.8
            assert box["x"] + box["width"] <= size["width"]
        page.screenshot(path=SEEN / f"report-{name}-{scheme}.png", full_page=True)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")  # unfolds all but the longest lists
        faults = Axe().run(page).response["violations"]
        assert [
            (one["id"], one["nodes"][0]["html"]) for one in faults if one["impact"] in ("serious", "critical")
        ] == []


def test_first_screen_says_what_to_teach(opened):
    with opened(DESK) as page:
        cards = page.locator("#teach .card")
        expect(cards).to_have_count(3)
        for number in range(3):
            expect(cards.nth(number)).to_contain_text("who began the lesson do not have it right")
            assert cards.nth(number).locator(".big").bounding_box()["y"] < DESK["height"]


def test_names_of_students_are_text(opened):
    with opened(DESK) as page:
        expect(page.get_by_text(HOSTILE).first).to_be_attached()
        expect(page.locator("img")).to_have_count(0)


def test_charts_answer_to_the_mouse(opened):
    with opened(DESK) as page:
        for chart, says in (
            ("#scores-chart", re.compile(r"\d%: \d+ students?")),
            ("#questions-chart", re.compile(r": \d+ of \d+ \(")),
            ("#tests-chart", re.compile(r"difficulty \d+%, discrimination")),
            (".measured-chart", re.compile(r"\.\d% to ")),
        ):
            svg = page.locator(f"{chart} svg")
            svg.scroll_into_view_if_needed()
            page.mouse.move(1, 1)  # scrolling has brought another chart under it
            expect(svg).not_to_contain_text(says)
            box = svg.bounding_box()
            page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.55, steps=3)
            expect(svg).to_contain_text(says)


def test_tables_are_sorted_by_their_headings(opened):
    with opened(DESK) as page:
        table = page.get_by_role("region", name="Scores by lesson, table").locator("table")
        heading = table.get_by_role("columnheader", name="median")
        heading.get_by_role("button").press("Enter")
        expect(heading).to_have_attribute("aria-sort", "descending")
        place = page.evaluate("heading => heading.cellIndex", heading.element_handle())
        cells = table.locator(f"tbody tr > :nth-child({place + 1})").all_inner_texts()
        medians = [float(cell) for cell in cells if cell != "–"]
        assert medians == sorted(medians, reverse=True)
        assert cells[-1] == "–"
        heading.get_by_role("button").press("Enter")
        expect(heading).to_have_attribute("aria-sort", "ascending")
        lesson = table.get_by_role("columnheader", name="lesson")
        lesson.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") is None
        names = table.locator("tbody th").all_inner_texts()
        assert names == sorted(names)


def test_a_mistake_opens_and_says_what_to_ask(opened):
    with opened(DESK) as page:
        first = page.locator("details.mistake").first
        first.locator("summary").first.press("Enter")
        expect(first.locator("blockquote")).to_be_visible()
        expect(first).to_contain_text("Ask:")


def test_on_paper_it_is_light_and_unfolded(opened):
    with opened(DESK, color_scheme="dark") as page:
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.pdf(path=SEEN / "report.pdf", format="A4", print_background=True)
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)" != dark
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.get_by_role("region", name="How each question ended, table").locator("table")).to_be_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(page.get_by_role("region", name="How each question ended, table").locator("table")).to_be_hidden()
