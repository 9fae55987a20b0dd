"""From the formgrader to report, similar answers and exports, with a browser, as instructors do."""

import contextlib
import importlib.util
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from autograder.instructor import formgrader
from autograder.instructor.formgrader._link import add_link, with_link

TOKEN = "let-me-in"
ENABLED = Path(formgrader.__file__).parent / "autograder.json"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of three: two were graded, one could not be."""
    path = Path(__file__).parents[2] / "gradebook" / "conftest.py"
    spec = importlib.util.spec_from_file_location("small", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    small = module.SmallClass(tmp_path_factory.mktemp("class"))
    small.grade("ada", 3.0)
    small.grade("bob", 1.0)
    small.refuse("eve", "The file is empty.")
    return small.root


@pytest.fixture(scope="module")
def server(course):
    """The address of a Jupyter server in the class's folder, with both extensions switched on as they are installed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = course / ".config" / "jupyter_server_config.d"
    settings.mkdir(parents=True)
    shutil.copy(ENABLED, settings)
    nbgraders = '{"ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": true}}}'
    (settings / "nbgrader.json").write_text(nbgraders)
    command = (sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1")
    with open(course / ".log", "w") as log:
        process = subprocess.Popen(
            [*command, f"--port={port}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={course}"],
            cwd=course,
            env=os.environ | {"JUPYTER_CONFIG_DIR": str(course / ".config")},
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
                assert time.monotonic() < end, (course / ".log").read_text()
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def instructor(browser, server):
    """``instructor()``: a page in the formgrader, of somebody who has just logged in."""
    with contextlib.ExitStack() as stack:

        def log_in():
            page = stack.enter_context(contextlib.closing(browser.new_context(accept_downloads=True))).new_page()
            page.set_default_timeout(120_000)
            page.goto(f"{server}/login?token={TOKEN}")
            page.goto(f"{server}/formgrader/gradebook")
            page.get_by_role("link", name="Report, similar, exports").click()
            page.wait_for_url(f"{server}/autograder/")
            return page

        yield log_in


def test_the_link_is_on_every_page_of_the_formgrader(instructor, server):
    page = instructor()
    for where in ("manage_assignments", "gradebook", "manage_students", "gradebook/ps1", "manage_submissions/ps1"):
        page.goto(f"{server}/formgrader/{where}")
        assert page.get_by_role("link", name="Report, similar, exports").count() == 1
        assert page.get_by_role("link", name="Manage Students").count() == 1


def test_two_people_at_once_each_get_their_own(soak, instructor):
    one, other = instructor(), instructor()
    for page in (one, other):
        page.evaluate("() => { document.querySelector('form[action$=\"/run/report\"] button').click() }")
    addresses = set()
    for page in (one, other):
        with page.expect_popup() as opened:
            page.get_by_role("link", name="index.html").click()
        report = opened.value
        report.wait_for_load_state()
        assert report.locator("body").inner_text().count("ada") > 0
        assert report.evaluate("() => window.origin") == "null"  # nothing of Jupyter's can be reached from there
        addresses.add(report.url)
    assert len(addresses) == 2


@pytest.mark.parametrize(("button", "file"), [("Table of questions", "questions.csv"), ("For Canvas", "canvas.csv")])
def test_exports_are_downloaded_with_what_there_is_to_know(instructor, button, file):
    page = instructor()
    page.get_by_role("button", name=button).click()
    assert "Could not be graded" in page.locator(".outcome").inner_text()
    assert "/tmp" not in page.locator(".outcome").inner_text()
    for name in (file, file.replace(".csv", "-not-graded.csv")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename == name
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert ("The file is empty." in text) == ("not-graded" in name)
        assert ("ada" in text) == ("not-graded" not in name)


def test_similar_answers_are_shown(instructor):
    page = instructor()
    page.get_by_role("button", name="Similar answers").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="similar.html").click()
    opened.value.wait_for_load_state()
    assert "submissions of 1 assignment compared" in opened.value.locator("body").inner_text()


@pytest.mark.parametrize("path", ["/autograder/", "/autograder/result/x/index.html"])
def test_nobody_gets_in_without_logging_in(server, path):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.build_opener(Stay).open(server + path)
    assert (refused.value.code, "/login" in refused.value.headers.get("Location", "")) in ((302, True), (403, False))
    refused.value.close()


def test_another_site_s_page_cannot_run_anything(instructor, server):
    page = instructor()
    answer = page.request.post(f"{server}/autograder/run/report", form={})
    assert answer.status == 403


def test_what_is_not_there_is_not_found(instructor, server):
    page = instructor()
    for path in ("/autograder/result/x/index.html", "/autograder/result/../../etc/passwd"):
        assert page.request.get(server + path).status == 404


def test_without_a_formgrader_there_is_a_word_in_the_log(caplog):
    add_link({}, logging.getLogger("jupyter"))
    assert "The formgrader is not loaded" in caplog.text


def test_pages_of_another_nbgrader_stay_as_they_are(caplog):
    pages = Environment(loader=DictLoader({"base.tpl": "<ul></ul>"}))
    add_link({"nbgrader_jinja2_env": pages}, logging.getLogger("jupyter"))
    assert "no sidebar that we know" in caplog.text
    assert pages.get_template("base.tpl").render() == "<ul></ul>"
    assert with_link('<ul class="nav nav-pills nav-stacked"></ul>').count("<li") == 1
