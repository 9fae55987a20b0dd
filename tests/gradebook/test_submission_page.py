"""The formgrader's page of a submission: its own scripts have the page's number, and no other has it."""

import logging
import re
from types import SimpleNamespace

import pytest
from jinja2 import DictLoader, Environment
from nbconvert.exporters import HTMLExporter
from nbformat import v4
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder.gradebook.submission_page import SubmissionPage, add_policy

LOG = logging.getLogger("jupyter")


@pytest.fixture
def settings():
    """A formgrader's that is loaded, as it makes them."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    return {"nbgrader_exporter": HTMLExporter(config=config)}


@pytest.fixture
def render(settings):
    """``render("text")``: the page of a notebook with this Markdown."""
    add_policy(settings, LOG)
    about = {"submission_id": "1", "notebook_id": "ps1", "assignment_id": "ps1", "base_url": "", "index": 0, "total": 1}

    def render(text):
        notebook = v4.new_notebook(cells=[v4.new_markdown_cell(text)])
        return settings["nbgrader_exporter"].from_notebook_node(notebook, dict(about))[0]

    return render


def test_scripts_of_the_page_have_its_number_and_a_students_has_none(render):
    page = render("<script>alert(1)</script>")
    (policy,) = re.findall(r'<meta content="([^"]*)" http-equiv="Content-Security-Policy"', page)
    (number,) = re.findall(r"'nonce-([\w-]{20,})'", policy)
    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts.count("<script>") == 1
    assert all(f'nonce="{number}"' in script for script in scripts if script != "<script>")
    assert page.index(policy) < page.index("<script")
    assert "cloudflare" not in page
    assert "unsafe-eval" not in policy
    assert f"'nonce-{number}'" not in render("x")


def test_formula_is_drawn(render):
    page = render("so $a < b$ is")
    assert "<math" in page
    assert ".formula" in page


def test_without_a_formgrader_there_is_nothing_to_do():
    settings = {}
    add_policy(settings, LOG)
    assert settings == {}


def test_page_of_another_nbgrader_stays_as_it_is(caplog):
    pages = Environment(loader=DictLoader({"formgrade_macros.html.j2": "{% macro nav() %}{% endmacro %}"}))
    other = SimpleNamespace(environment=pages)
    settings = {"nbgrader_exporter": other}
    add_policy(settings, LOG)
    assert settings["nbgrader_exporter"] is other
    assert "none that we know" in caplog.text


def test_it_is_nbgraders_page_that_gets_the_policy(settings):
    add_policy(settings, LOG)
    assert isinstance(settings["nbgrader_exporter"], SubmissionPage)
