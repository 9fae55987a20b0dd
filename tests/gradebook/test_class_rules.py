"""The rules of one class: extensions, what being late costs, groups, and who has dropped out."""

import datetime

import pytest
from nbgrader.converters import Autograde
from traitlets.config import Config

from autograder.gradebook.class_rules import ClassRules, LateRule, Selection, UnknownGroup
from autograder.gradebook.course_folder import CourseFolder, CourseFolderError
from autograder.gradebook.database import (
    CellScores,
    Entry,
    GradebookWriter,
    Person,
    Roster,
    Standing,
    read_roster,
    read_source_version,
)
from autograder.gradebook.feedback_pages import FeedbackPages
from autograder.gradebook.late_penalties import class_penalty
from autograder.plugin import use_sandbox

DUE = datetime.datetime(2030, 1, 1, 12)
HOUR = 3600.0
DAY = 24 * HOUR


def settings(**rules):
    config = Config()
    config.ClassRules.update(rules)
    use_sandbox(config)
    return config


def rules(**given):
    return ClassRules(config=settings(**given))


@pytest.mark.parametrize(
    ("late", "points"),
    [(10 * 60, None), (10 * 60 + 1, 1.0), (DAY, 1.0), (DAY + 1, 2.0), (3 * DAY, 3.0), (40 * DAY, 5.0)],
)
def test_late_rule_takes_percents_for_each_day_that_has_begun(late, points):
    config = settings(late_percent_a_day=10, late_grace_minutes=10, late_most_percent=50)
    penalty = class_penalty(Autograde(config=config))
    assert penalty("ada", 10.0, late) == points


def test_without_a_late_rule_nbgraders_own_settings_count():
    config = settings()
    assert class_penalty(Autograde(config=config))("ada", 10.0, DAY) is None
    config.LateSubmissionPlugin.penalty_method = "zero"
    assert class_penalty(Autograde(config=config))("ada", 10.0, DAY) == 10.0


def test_a_plug_in_of_the_class_stays():
    config = Config()
    config.AssignLatePenalties.plugin_class = "mine.Rule"
    use_sandbox(config)
    assert config.AssignLatePenalties.plugin_class == "mine.Rule"
    assert settings().AssignLatePenalties.plugin_class == f"{LateRule.__module__}.{LateRule.__name__}"


def test_extension_is_for_everything_or_for_one_assignment():
    found = rules(extensions={"ada": 2, "bob": {"ps1": 0.5}})
    assert found.extension("ada", "ps1") == found.extension("ada", "ps2") == datetime.timedelta(days=2)
    assert found.extension("bob", "ps1") == datetime.timedelta(hours=12)
    assert (found.extension("bob", "ps2"), found.extension("eve", "ps1")) == (None, None)


def test_names_that_nobody_has_are_told():
    found = rules(groups={"anna": ["ada", "bbo"]}, extensions={"eev": 1, "ada": {"ps7": 1}})
    assert found.strangers({"ada", "bob"}, {"ps1"}) == [
        "c.ClassRules.extensions names eev, whom the gradebook does not know.",
        "c.ClassRules.groups['anna'] names bbo, whom the gradebook does not know.",
        "c.ClassRules.extensions names ps7, which is no assignment in the gradebook.",
    ]
    assert rules(groups={"anna": ["ada"]}).strangers({"ada"}, {"ps1"}) == []


def test_selection():
    known = rules(groups={"anna": ["ada", "bob"], "carl": ["eve"]})
    everybody = Selection(known, {"bob"})
    assert ("ada" in everybody, "bob" in everybody, everybody.is_everybody) == (True, False, True)
    some = Selection(known, {"bob"}, ["eve"], ["anna"])
    assert [who for who in ("ada", "bob", "eve", "zoe") if who in some] == ["ada", "eve"]
    with pytest.raises(UnknownGroup, match=r"no group 'dora'; there are: anna, carl\."):
        Selection(known, (), (), ["dora"])
    with pytest.raises(UnknownGroup, match="there are: none"):
        Selection(rules(), (), (), ["dora"])
    person = Person("", "", "")
    roster = Roster(
        {"ada": person, "bob": person},
        {"ps1": 3.0},
        {("ada", "ps1"): Standing(1, 0, False), ("bob", "ps1"): Standing(2, 0, False)},
    )
    of = some.of(roster)
    assert (set(of.students), set(of.standings)) == ({"ada"}, {("ada", "ps1")})


def test_an_empty_group_is_nobody_and_not_everybody():
    assert "ada" not in Selection(rules(groups={"anna": []}), (), (), ["anna"])


@pytest.mark.parametrize(
    "line",
    [
        "c.ClassRules.late_percent_a_day = 110",
        "c.ClassRules.groups = {'anna': 'ada'}",
        "c.ClassRules.extensions = {'ada': 'tomorrow'}",
    ],
)
def test_a_rule_that_cannot_be_meant_so_is_a_sentence(tmp_path, line):
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{line}\n")
    with pytest.raises(CourseFolderError, match=r"c\.ClassRules in the settings of .* cannot be meant so"):
        CourseFolder(tmp_path)


@pytest.fixture
def late(small_class):
    """``late(extensions)``: ada's extension and penalty in the gradebook; she is three days late."""

    def enter(extensions, anew=True):
        found = rules(late_percent_a_day=10, extensions=extensions)
        penalty = class_penalty(Autograde(config=settings(late_percent_a_day=10)))
        with GradebookWriter(small_class.address, "any", penalty, found.extension) as writer:
            version = read_source_version(small_class.address, "any", "ps1")
            if anew:
                handed_in = DUE + datetime.timedelta(days=3)
                writer.enter(version, [Entry("ada", "ps1", handed_in, {"ps1": CellScores({"test": 3.0})})])
            else:
                writer.refresh_penalties(version, ["ada"])
        with small_class.gradebook() as gradebook:
            extension = gradebook.find_submission("ps1", "ada").extension
        return extension, read_roster(small_class.address, "any").standings["ada", "ps1"].penalty

    with small_class.gradebook() as gradebook:
        gradebook.find_assignment("ps1").duedate = DUE
        gradebook.db.commit()
    return enter


def test_extensions_are_entered_into_the_gradebook_and_count(late):
    assert late({}) == (None, pytest.approx(0.9))
    assert late({"ada": {"ps1": 2}}, anew=False) == (datetime.timedelta(days=2), pytest.approx(0.3))
    assert late({"ada": 5}) == (datetime.timedelta(days=5), 0)
    # One that was granted elsewhere, or earlier, stays until the rules say something else.
    assert late({}, anew=False) == (datetime.timedelta(days=5), 0)
    assert late({"ada": 0}, anew=False) == (datetime.timedelta(0), pytest.approx(0.9))


def test_pages_of_those_who_dropped_out_are_left_alone(small_class):
    small_class.grade("ada", 3.0)
    small_class.grade("bob", 3.0)
    config = small_class.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.CourseDirectory.student_id_exclude = 'zoe, bob'\n")
    config.write_text(config.read_text() + "c.ClassRules.groups = {'anna': ['bob'], 'carl': ['ada']}\n")
    folder = small_class.folder
    assert folder.excluded == {"zoe", "bob"}
    assert [one.student for one in FeedbackPages(folder).stale] == ["ada"]
    assert FeedbackPages(folder, None, folder.selection([], ["anna"])).stale == []
    assert [one.student for one in folder.submitted()] == ["ada"]
