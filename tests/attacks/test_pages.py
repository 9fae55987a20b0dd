"""Whoever looks at a submission is safe from it: a real browser, logged in to the formgrader and to Jupyter.

A notebook holds every form of `page_forms.py`. It is graded like any other, opened in the formgrader, and its feedback
is read. The same notebook as it was handed in is opened as well, as nbgrader alone would show it, to see that the
forms are not harmless by themselves; and where our page in the formgrader is switched on, to see that its policy holds
without the cleaning.
"""

import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from autograder.course.contents import COURSE
from autograder.gradebook.class_run import ClassRun

_spec = importlib.util.spec_from_file_location("page_forms", Path(__file__).with_name("page_forms.py"))
page_forms = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(page_forms)
EVIL, PIXEL, FORMS = page_forms.EVIL, page_forms.PIXEL, page_forms.forms()
TOKEN = "a-token-that-only-the-instructor-has"
#: A script that tells, and that shows what it can read of Jupyter.
ACTS = f"new Image().src='{EVIL}/acts'; fetch('/api/contents').then(answer => {{ document.title = answer.status }})"

#: What is to be seen as the student meant it.
INTACT = {
    "table": "| a | b |\n|---|---|\n| one | two |",
    "mathematics": "Mean $\\frac{1}{m}\\sum_i (a_i - y_i)^2$ if $a < b$, and\n\n$$z = X W + b \\\\ a = \\sigma(z)$$",
    "picture": "![a pixel](attachment:pixel.png)",
    "emphasis": "# A *heading*\n\nText with **bold** words, `a < b`, a [link](https://pytorch.org) and\n\n- a list",
    "folded": "<details>\n<summary>More</summary>\n\nFolded text.\n\n</details>",
    "html": 'A <span style="color: red">red</span> word<sup>2</sup> and <script>evil</script> no more.',
}
TABLE = (
    '<table border="1" class="dataframe"><thead><tr><th>x</th></tr></thead><tbody><tr><td>42</td></tr></tbody></table>'
)
DRAWING = '<svg viewBox="0 0 9 9" width="9"><path d="M0 0L9 9" stroke="red"></path></svg>'


def _shown(html):
    source = f"from IPython.display import HTML, display\ndisplay(HTML({html!r}))"
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


@pytest.fixture(scope="module")
def course(tmp_path_factory, notebook, code_cell, command):
    """A graded class of two: `mallory` as we grade, `stock` as it would lie there after nbgrader alone."""
    course = tmp_path_factory.mktemp("course")
    address = f"sqlite:///{course}/gradebook.db"
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'any'\nc.GenerateFeedback.force = True\n"
        "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"
    )
    graded = code_cell("assert x == 1", grade_id="test", grade=True, locked=True, points=3)
    written = {
        "cell_type": "markdown",
        "metadata": {
            "nbgrader": {**graded["metadata"]["nbgrader"], "grade_id": "essay", "solution": True, "locked": False}
        },
        "source": "YOUR ANSWER",
    }
    source = course / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "ps1.ipynb").write_bytes(notebook(graded, written))
    command("nbgrader", "generate_assignment", "ps1", cwd=course).check_returncode()
    cells = [code_cell("x = 1"), *FORMS.values()]
    for text in INTACT.values():
        cells.append({"cell_type": "markdown", "metadata": {}, "source": text})
    cells[-4]["attachments"] = {"pixel.png": {"image/png": PIXEL}}
    cells += [_shown(TABLE), _shown(DRAWING)]
    released = json.loads((course / "release" / "ps1" / "ps1.ipynb").read_text())["cells"]
    released[1]["source"] = FORMS["markdown/script"]["source"].replace("markdown/script", "answer/script")
    whole = json.loads(notebook(*cells, *released))
    for number, cell in enumerate(whole["cells"]):
        cell.setdefault("id", f"cell-{number}")
    whole["metadata"] = {
        "title": f"</title><script>new Image().src='{EVIL}/title'</script>",
        "widgets": {
            "application/vnd.jupyter.widget-state+json": {
                "x": f"</script><script>new Image().src='{EVIL}/widgets'</script>"
            }
        },
    }
    for student in ("mallory", "stock"):
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text(json.dumps(whole))
        (folder / "page.html").write_text(f"<script>new Image().src='{EVIL}/file-beside'</script>")
    with ClassRun(course, COURSE, workers=1) as run:
        results = {result.student: result for result in run.grade()}
        assert [result.problem for result in results.values()] == [None, None]
        assert [line for lines in run.feedback_pages().update(1) for line in lines] == []
    _lay_down(course / "autograded" / "stock" / "ps1" / "ps1.ipynb", whole)
    with Gradebook(address, "any") as gradebook:
        ids = {name: gradebook.find_submission_notebook("ps1", "ps1", name).id for name in ("mallory", "stock")}
    return SimpleNamespace(folder=course, ids=ids)


#: What ends the page early, so that nothing after it would be seen to act, or what the page cannot be made of at all.
_ENDS_THE_PAGE = (
    "unclosed",
    "mutation",
    "base",
    "refresh",
    "metadata/",
    "attachment/html",
    "widget",
    "breaks-out",
    "structure",
)


def _lay_down(path, whole):
    """Lay down a notebook as it would be without us, but for what nbgrader itself cannot show."""
    whole = {**whole, "metadata": {}}
    texts = [cell["source"] for name, cell in FORMS.items() if any(part in name for part in _ENDS_THE_PAGE)]
    whole["cells"] = [cell for cell in whole["cells"] if cell["source"] not in texts]
    path.unlink()  # which may not be written
    path.write_text(json.dumps(whole))


#: The server extension that puts a policy into the formgrader's page.
OURS = "autograder.instructor.formgrader"


@contextlib.contextmanager
def _serve(course, name, *extensions):
    """The address of a Jupyter server with these extensions, in the course's folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = course.folder / name
    settings.mkdir()
    # What is installed may have switched ours on for all.
    switched_on = {"ServerApp": {"jpserver_extensions": {OURS: False, **dict.fromkeys(extensions, True)}}}
    (settings / "jupyter_server_config.json").write_text(json.dumps(switched_on))
    written = course.folder / f"{name}.log"
    with open(written, "w") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
                *(f"--port={port}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={course.folder}"),
            ],
            cwd=course.folder,
            env=os.environ | {"JUPYTER_CONFIG_DIR": str(settings)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5)
                break
            except OSError:
                assert time.monotonic() < end, written.read_text()
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def server(course):
    """The address of a Jupyter server with nbgrader's formgrader as it is, and nothing of ours."""
    with _serve(course, ".stock", "nbgrader.server_extensions.formgrader") as address:
        yield address


@pytest.fixture(scope="module")
def with_policy(course):
    """The address of a Jupyter server with the formgrader and with our page in it."""
    with _serve(course, ".ours", OURS, "nbgrader.server_extensions.formgrader") as address:
        yield address


@pytest.fixture
def look(browser):
    """``look(address)``: what a page did when it was looked at, clicked and pointed at everywhere."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    seen = SimpleNamespace(told=set(), asked=[], dialogs=[])

    def answer(route):
        if route.request.url.startswith(EVIL):
            seen.told.add(route.request.url.removeprefix(f"{EVIL}/"))
        seen.asked.append((route.request.method, route.request.url))
        route.abort()

    def of_the_server(request):
        if request.url.startswith("http://127.0.0.1"):
            seen.asked.append((request.method, request.url))

    def open_page(address, clicks=True):
        context.route(lambda url: not url.startswith(("http://127.0.0.1", "data:", "file:", "blob:")), answer)
        page = context.new_page()
        page.on("request", of_the_server)
        page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        if address.startswith("http"):
            page.goto(f"{address.partition('/formgrader')[0]}/login?token={TOKEN}", wait_until="load")
            seen.asked.clear()
        page.goto(address, wait_until="load")
        page.wait_for_timeout(700)
        seen.html = page.content()
        seen.frames = len(page.frames) - 1
        seen.page = page
        if clicks:
            _click_everywhere(page, page.url)
            page.wait_for_timeout(300)
        return seen

    yield open_page
    context.close()


def _click_everywhere(page, address):
    """Click on whatever asks to be clicked, and point at it; leave no page behind."""
    for element in page.get_by_text("CLICK", exact=True).all():
        element.dispatch_event("pointerenter")
        element.dispatch_event("mouseover")
        element.evaluate("it => it.click ? it.click() : it.dispatchEvent(new MouseEvent('click', {bubbles: true}))")
        assert page.url.partition("#")[0] == address.partition("#")[0]


def test_there_are_enough_forms():
    assert len(FORMS) >= 200


def test_formgrader_shows_it_and_nothing_happens(course, server, look):
    seen = look(f"{server}/formgrader/submissions/{course.ids['mallory']}/")
    assert "Submission" in seen.html
    assert seen.told == set()
    assert (seen.frames, seen.dialogs) == (0, [])
    assert {method for method, _ in seen.asked} == {"GET"}
    strange = [
        url
        for _, url in seen.asked
        if not url.startswith((f"{server}/formgrader/", f"{server}/static/favicon", "https://cdnjs.cloudflare.com/"))
    ]
    assert strange == []


def test_feedback_shows_it_and_nothing_happens(course, look):
    seen = look((course.folder / "feedback" / "mallory" / "ps1" / "ps1.html").as_uri())
    assert seen.told == set()
    assert (seen.frames, seen.dialogs) == (0, [])
    assert seen.asked == []


def test_forms_are_not_harmless_by_themselves(course, server, look):
    """As nbgrader alone shows it: else the tests above would prove nothing."""
    seen = look(f"{server}/formgrader/submissions/{course.ids['stock']}/", clicks=False)
    assert len(seen.told) >= 25, seen.html[:2000]
    assert "markdown/img-onerror" in seen.told


_CLICK_ON_SCRIPTS = """all => {
    const links = all.filter(one => /^\\s*(javascript|data|vbscript):/i.test(one.href.baseVal ?? one.href))
    for (const one of links) one.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}))
    return links.length
}"""
#: What no policy forbids: a page may say where the browser is to look for an address that is asked for later.
_NO_POLICY_FORBIDS = {"markdown/link-preload"}


def test_policy_of_the_formgrader_holds_by_itself(course, with_policy, look):
    """The second layer, without the first: the same page that acts above, and a click on its links to scripts."""
    seen = look(f"{with_policy}/formgrader/submissions/{course.ids['stock']}/", clicks=False)
    assert "<script>new Image" in seen.html
    links = seen.page.locator("a").evaluate_all(_CLICK_ON_SCRIPTS)
    seen.page.wait_for_timeout(300)
    assert links >= 8
    assert seen.told <= _NO_POLICY_FORBIDS
    assert seen.dialogs == []
    assert {method for method, _ in seen.asked} == {"GET"}


def test_file_beside_a_notebook_is_no_page_of_jupyters(course, with_policy, look):
    folder = course.folder / "autograded" / "stock" / "ps1"
    (folder / "page.html").write_text(f"<title>waiting</title><script>{ACTS}</script>")
    seen = look(f"{with_policy}/formgrader/submissions/{course.ids['stock']}/page.html", clicks=False)
    assert "waiting" in seen.html
    assert seen.page.evaluate("() => window.origin") == "null"
    assert (seen.told, seen.page.title()) == (set(), "waiting")


def test_formgrader_with_a_policy_is_as_useful(course, with_policy, look):
    """Scores, comments, buttons, names, the way to the next one, keys and formulas."""
    seen = look(f"{with_policy}/formgrader/submissions/{course.ids['mallory']}/", clicks=False)
    page, complaints = seen.page, []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.reload(wait_until="networkidle")
    score = page.locator("input.score#essay")
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
        score.fill("2")
        score.blur()
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
        page.locator(".nbgrader_cell", has=page.locator("#test")).locator("button.full-credit").click()
    with page.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"):
        page.locator("textarea#essay-comment").fill("Well put.")
        page.locator("textarea#essay-comment").blur()
    assert page.locator("a.name-shown").is_hidden()
    page.locator("span.glyphicon.name-hidden").click()
    assert page.locator("a.name-shown").inner_text().strip() == "mallory"
    page.locator("span.glyphicon.name-shown").click()
    assert page.locator("a.name-shown").is_hidden()
    assert page.locator("a.name-hidden").get_attribute("href") == "/notebooks/./autograded/mallory/ps1/ps1.ipynb"
    assert complaints == []
    page.locator(".help").click()
    assert page.locator(".modal-dialog").inner_text().count("Move to the next score or comment input") == 1
    page.locator(".modal-footer button").click()
    page.locator(".modal-dialog").wait_for(state="detached")
    assert page.locator("math mfrac").count() == 1
    assert page.locator("math[display='block'] mi", has_text="σ").count() == 1
    assert complaints == []
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "any") as gradebook:
        submission = gradebook.find_submission_notebook("ps1", "ps1", "mallory")
        assert {grade.name: grade.manual_score for grade in submission.grades} == {"essay": 2.0, "test": 3.0}
        assert [comment.comment for comment in submission.comments] == ["Well put."]
    page.get_by_role("link", name="Next").click()
    page.wait_for_load_state()
    assert page.url.startswith(f"{with_policy}/formgrader/")
    assert course.ids["mallory"] not in page.url


def test_policy_of_feedback_holds_by_itself(course, look):
    """The second layer, without the first: scripts and requests of an unclean page."""
    path = course.folder / "feedback" / "mallory" / "ps1" / "ps1.html"
    unclean = "".join(
        "".join(cell["source"])
        for name, cell in FORMS.items()
        if name.startswith("markdown/") and "refresh" not in name
    )
    path.with_name("unclean.html").write_text(path.read_text().replace("</body>", f"{unclean}</body>"))
    seen = look(path.with_name("unclean.html").as_uri(), clicks=False)
    # A page that a frame shows has no policy of ours, but no frame is shown at all.
    assert seen.told <= _NO_POLICY_FORBIDS


def test_what_is_harmless_is_shown_as_it_was_meant(course, server, look):
    for address in (
        f"{server}/formgrader/submissions/{course.ids['mallory']}/",
        (course.folder / "feedback" / "mallory" / "ps1" / "ps1.html").as_uri(),
    ):
        page = look(address, clicks=False).page
        assert page.locator("td", has_text="two").count() == 1
        assert page.locator("table.dataframe td", has_text="42").count() == 1
        assert page.locator("svg path[d='M0 0L9 9']").count() == 1
        assert page.locator("img[alt='a pixel']").evaluate("it => it.naturalWidth") == 1
        assert page.locator("details summary", has_text="More").count() == 1
        assert page.locator("h1 em", has_text="heading").count() == 1
        assert page.locator("a[href='https://pytorch.org']").count() == 1
        assert page.locator("code", has_text="a < b").count() == 1
        assert page.get_by_text("red", exact=True).evaluate("it => getComputedStyle(it).color") == "rgb(255, 0, 0)"
        text = page.locator("body").inner_text()
        if address.startswith(server):
            assert "$\\frac{1}{m}\\sum_i (a_i - y_i)^2$ if $a < b$" in text
            assert "$$z = X W + b \\\\ a = \\sigma(z)$$" in text
        else:
            assert page.locator("math mfrac").count() == 1
            assert page.locator("math[display='block'] mi", has_text="σ").count() == 1


def test_what_was_handed_in_stays_as_it_was(course):
    handed_in = course.folder / "submitted" / "mallory" / "ps1" / "ps1.ipynb"
    assert "<script>" in handed_in.read_text()
