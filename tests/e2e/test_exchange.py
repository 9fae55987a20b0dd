"""nbgrader's exchange from release to feedback: an instructor's folder, one for each student, a directory between.

The class of 24 hands everything in. What is cheap to grade is graded in both ways; all of it with ``CLASS`` set, as
`make same-marks` does.
"""

import contextlib
import json
import os
import shutil
import warnings

import pytest
from nbgrader import apps

from autograder.course.contents import COURSE
from autograder.gradebook.class_run import ClassRun
from autograder.gradebook.database import scripts_on_path
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import make_class

CHEAP = ("1-neuron", "3-layer", "4-network", "5-images-and-scores")
GRADED = COURSE.lessons if "CLASS" in os.environ else tuple(map(COURSE.find_lesson, CHEAP))


def nbgrader(app, folder, *arguments, level="WARN"):
    """Run one of nbgrader's commands in a folder, in this process; 24 students would wait two seconds each."""
    with contextlib.chdir(folder), scripts_on_path(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of its own code
        command = app()
        command.initialize([*arguments, f"--log-level={level}"])
        command.start()


class Exchanged:
    """The class after the whole journey: `places` by student, the instructor's `course` and what was `handed_in`."""

    def __init__(self, folder):
        self.exchange, self.course, self.desks = (folder / name for name in ("exchange", "course", "desks"))
        self.exchange.mkdir(mode=0o777)
        self.exchange.chmod(0o777)  # whatever the umask
        self.course.mkdir()
        shutil.copytree(COURSE.home / "source", self.course / "source")
        self._configure(self.course, (COURSE.home / "nbgrader_config.py").read_text())
        database = f"sqlite:///{self.course}/gradebook.db"
        release_lessons(COURSE, self.course, database)
        for lesson in COURSE.lessons:
            nbgrader(apps.ReleaseAssignmentApp, self.course, lesson.name)
        # What each student will have written, in the order of the lessons.
        paths = make_class(folder / "written", self.course / "assignments", COURSE)
        self.handed_in = {(path.parent.parent.name, path.parent.name): path.read_bytes() for path in paths}
        self.students = sorted({student for student, _ in self.handed_in})

    def _configure(self, folder, text="c = get_config()\nc.CourseDirectory.course_id = 'neurons-to-network'\n"):
        """A folder's settings: where the exchange is, and what a student of this machine would have at home."""
        settings = f"c.Exchange.root = {str(self.exchange)!r}\nc.Exchange.cache = {str(folder / '.cache')!r}\n"
        (folder / "nbgrader_config.py").write_text(f"{text}\n{settings}c.ExchangeCollect.check_owner = False\n")

    def student(self, app, student, *arguments, **options):
        nbgrader(app, self.desks / student, f"--student={student}", *arguments, **options)

    def work(self):
        """Each student fetches, writes and submits."""
        for student in self.students:
            desk = self.desks / student
            desk.mkdir(parents=True)
            self._configure(desk)
            for (who, lesson), content in self.handed_in.items():
                if who == student:
                    self.student(apps.FetchAssignmentApp, student, lesson)
                    notebook = desk / lesson / f"{lesson}.ipynb"
                    assert (
                        notebook.read_bytes()
                        == COURSE.find_lesson(lesson).notebook(COURSE.home / "assignments").read_bytes()
                    )
                    notebook.write_bytes(content)
                    self.student(apps.SubmitApp, student, lesson)

    def grade(self):
        """Collect everything; what is graded, once by nbgrader with our plug-in and once by `autograder grade`."""
        for lesson in COURSE.lessons:
            nbgrader(apps.CollectApp, self.course, lesson.name)
        self.bulk = self.course.with_name("bulk")
        shutil.copytree(self.course, self.bulk)
        for lesson in set(COURSE.lessons) - set(GRADED):
            for folder in (self.bulk / "submitted").glob(f"*/{lesson.name}"):
                shutil.rmtree(folder)
        for lesson in GRADED:
            with contextlib.suppress(SystemExit):  # where one of them is no notebook
                nbgrader(apps.AutogradeApp, self.course, lesson.name)
        with ClassRun(self.bulk, COURSE, workers=1) as run:
            self.results = list(run.grade())

    def tell(self):
        """Feedback, from the gradebook to the students' folders."""
        for lesson in GRADED:
            nbgrader(apps.GenerateFeedbackApp, self.course, lesson.name)
            nbgrader(apps.ReleaseFeedbackApp, self.course, lesson.name)
        for student, lesson in self.handed_in:
            if COURSE.find_lesson(lesson) in GRADED:
                self.student(apps.FetchFeedbackApp, student, lesson)


@pytest.fixture(scope="module")
def exchanged(soak, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        # Neither settings nor submissions of whoever runs this.
        for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(variable, str(tmp_path_factory.mktemp("jupyter")))
        journey = Exchanged(tmp_path_factory.mktemp("class"))
        journey.work()
        journey.grade()
        journey.tell()
        yield journey


def test_everything_that_was_handed_in_arrives_as_it_was(exchanged):
    assert len(exchanged.handed_in) == 24
    arrived = {
        (path.parent.parent.name, path.parent.name): path.read_bytes()
        for path in (exchanged.course / "submitted").glob("*/*/*.ipynb")
    }
    assert arrived == exchanged.handed_in


def test_student_sees_what_is_released_and_what_was_submitted(exchanged, capfd):
    exchanged.student(apps.ListApp, "student-01", level="INFO")
    exchanged.student(apps.ListApp, "student-01", "--inbound", level="INFO")
    output = capfd.readouterr().err
    for lesson in COURSE.lessons:
        assert f"neurons-to-network {lesson.name}" in output
    mine = [lesson for student, lesson in exchanged.handed_in if student == "student-01"]
    assert all(f"neurons-to-network student-01 {lesson} " in output for lesson in mine)


def test_plugin_and_bulk_grader_give_the_same_marks(exchanged, marks_in):
    plugin, bulk = (marks_in(folder / "gradebook.db") for folder in (exchanged.course, exchanged.bulk))
    graded = [key for key in exchanged.handed_in if COURSE.find_lesson(key[1]) in GRADED]
    assert set(plugin) == set(bulk) == set(graded)
    assert {key: plugin[key] for key in graded if plugin[key] != bulk[key]} == {}
    assert {plugin[key]["score"] for key in graded} > {0.0}


def test_results_say_what_the_gradebook_says(exchanged, marks_in):
    marks = marks_in(exchanged.course / "gradebook.db")
    assert {(one.student, one.assignment): one.score for one in exchanged.results} == {
        key: one["score"] for key, one in marks.items()
    }


def test_every_student_has_their_feedback_with_their_score(exchanged, marks_in):
    for (student, lesson), mark in marks_in(exchanged.course / "gradebook.db").items():
        pages = list((exchanged.desks / student / lesson / "feedback").glob(f"*/{lesson}.html"))
        if is_notebook(exchanged.handed_in[student, lesson]):
            assert f"(Score: {mark['score']} / {mark['max_score']})" in pages[0].read_text(encoding="utf-8")
        else:
            assert pages == []


def is_notebook(content):
    try:
        return bool(json.loads(content))
    except ValueError:
        return False
