"""No page shows something else than the gradebook: whatever has changed it, each page knows."""

import contextlib
import multiprocessing
import re
from concurrent.futures import ProcessPoolExecutor

import pytest
from nbgrader.exchange import ExchangeError

from autograder.gradebook import feedback
from autograder.gradebook.feedback_pages import NOT_GRADED, UNKNOWN, FeedbackPages, PageUpdate
from autograder.gradebook.page_state import read_mark
from autograder.gradebook.release_feedback import CurrentReleaseFeedback
from autograder.gradebook.staleness import stale_remarks


@pytest.fixture(scope="module")
def pool():
    """The process that makes all pages of these tests: to start one takes longer than the rest of a test."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as made:
        yield made


@pytest.fixture(autouse=True)
def _one_pool_for_all(pool, monkeypatch):
    monkeypatch.setattr(feedback, "ProcessPoolExecutor", lambda *_, **__: contextlib.nullcontext(pool))


def bring_up_to_date(small_class):
    """Everything that was stale; after it nothing is."""
    pages = FeedbackPages(small_class.folder)
    assert [line for lines in pages.update(1) for line in lines] == []
    assert FeedbackPages(small_class.folder).stale == []
    return pages.stale


def test_pages_are_made_once_and_anew_when_points_by_hand_come(small_class):
    small_class.grade("ada", 3.0)
    small_class.grade("bob", 1.0)
    assert bring_up_to_date(small_class) == [PageUpdate("ada", "ps1", "", "3"), PageUpdate("bob", "ps1", "", "1")]
    assert bring_up_to_date(small_class) == []
    small_class.by_hand("bob", 2.5)
    assert "(Score: 1.0 / 3.0)" in small_class.page("bob")
    assert bring_up_to_date(small_class) == [PageUpdate("bob", "ps1", "1", "2.5")]
    assert "(Score: 2.5 / 3.0)" in small_class.page("bob")


@pytest.mark.parametrize(
    "what",
    [
        lambda book: setattr(book.find_comment("answer", "ps1", "ps1", "ada"), "manual_comment", "Look again."),
        lambda book: setattr(book.find_grade("test", "ps1", "ps1", "ada"), "extra_credit", 0.5),
        lambda book: setattr(book.find_submission_notebook("ps1", "ps1", "ada"), "late_submission_penalty", 1.0),
        lambda book: setattr(book.find_grade_cell("test", "ps1", "ps1"), "max_score", 4.0),
        lambda book: setattr(book.find_grade("test", "ps1", "ps1", "ada"), "auto_score", 0.0),
    ],
    ids=["comment", "extra credit", "penalty", "maximum", "autograder"],
)
def test_whatever_a_page_shows_makes_it_stale(small_class, what):
    small_class.grade("ada", 3.0)
    bring_up_to_date(small_class)
    with small_class.gradebook() as gradebook:
        what(gradebook)
        gradebook.db.commit()
    (update,) = bring_up_to_date(small_class)
    assert update.before == "3"


def test_changed_notebook_of_the_same_score_makes_a_page_stale(small_class):
    small_class.grade("ada", 3.0)
    bring_up_to_date(small_class)
    small_class.grade("ada", 3.0, "def f(): return 2 - 1")
    (update,) = bring_up_to_date(small_class)
    assert not update.is_change
    assert "2 - 1" in re.sub(r"<[^>]*>", "", small_class.page("ada"))


def test_page_that_says_nothing_is_stale_and_a_student_cannot_speak_for_it(small_class):
    small_class.grade("ada", 3.0)
    bring_up_to_date(small_class)
    state = read_mark(small_class.root / "feedback" / "ada" / "ps1" / "ps1.html")
    forged = f'<html><!-- <html data-made-from="{state.state}" data-score="3"> --></html>'
    (small_class.root / "feedback" / "ada" / "ps1" / "ps1.html").write_text(forged)
    assert bring_up_to_date(small_class) == [PageUpdate("ada", "ps1", UNKNOWN, "3")]


def test_refusal_reaches_the_student_and_takes_the_place_of_an_old_score(small_class):
    small_class.grade("ada", 3.0)
    bring_up_to_date(small_class)
    small_class.refuse("ada", "It has <b>no</b> cells.")
    small_class.hand_in("ada", name="ps1 copy.ipynb")
    assert bring_up_to_date(small_class) == [PageUpdate("ada", "ps1", "3", NOT_GRADED)]
    for name in ("ps1.html", "ps1 copy.html"):
        page = small_class.page("ada", name)
        assert "It has &lt;b&gt;no&lt;/b&gt; cells." in page
        assert "not a score of 0" in page
        assert "Score: " not in page


def test_what_a_human_has_graded_is_no_refusal(small_class):
    small_class.refuse("ada")
    assert [one.after for one in bring_up_to_date(small_class)] == [NOT_GRADED]
    small_class.by_hand("ada", 2.0)
    autograded = small_class.root / "autograded" / "ada" / "ps1"
    autograded.mkdir(parents=True)
    (autograded / "ps1.ipynb").write_text(small_class.text("pass"))
    assert bring_up_to_date(small_class) == [PageUpdate("ada", "ps1", NOT_GRADED, "2")]


def test_who_is_not_in_the_gradebook_is_told(small_class):
    small_class.grade("ada", 3.0)
    with small_class.gradebook() as gradebook:
        gradebook.remove_student("ada")
        gradebook.db.commit()
    pages = FeedbackPages(small_class.folder)
    assert (pages.stale, pages.strangers) == ([], [("ada", "ps1")])


def test_staleness_is_told_in_sentences(small_class):
    small_class.grade("ada", 3.0)
    small_class.grade("bob", 3.0)
    assert stale_remarks(small_class.folder) == []  # a page that was never made misleads nobody
    bring_up_to_date(small_class)
    small_class.by_hand("ada", 1.0)
    small_class.hand_in("bob", "def f(): return 0")
    behind, pages = stale_remarks(small_class.folder)
    assert behind.startswith("Handed in anew and not graded since: bob (ps1).")
    assert pages.startswith("Feedback pages that show something else than the gradebook: ada (ps1).")
    assert stale_remarks(small_class.folder, ["other"]) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader leaves a file open
def test_old_pages_are_not_released(small_class, tmp_path):
    def hand_in_by_the_exchange(student):
        small_class.grade(student, 3.0)
        for name in ("timestamp.txt", "submission_secret.txt"):
            (small_class.root / "autograded" / student / "ps1" / name).write_text(
                f"2030-01-01 00:00:0{len(student)} UTC"
            )
        bring_up_to_date(small_class)

    hand_in_by_the_exchange("ada")
    directory = small_class.folder.directory
    directory.assignment_id = "ps1"

    def release():
        folder = small_class.folder
        exchange = CurrentReleaseFeedback(coursedir=directory, parent=folder.converter.parent)
        exchange.root = str(tmp_path / "exchange")
        exchange.assignment_dir = str(tmp_path)
        (tmp_path / "exchange").mkdir(exist_ok=True)
        exchange.init_src()
        exchange.init_dest()
        exchange.copy_files()
        return len(list((tmp_path / "exchange" / "any" / "feedback").glob("*.html"))), " ".join(folder.warnings)

    assert release() == (1, "")
    # Collected elsewhere, so without the secret of the exchange: nbgrader itself stops with a traceback.
    small_class.grade("bob", 2.0)
    small_class.refuse("eve", "The file is empty.")
    bring_up_to_date(small_class)
    released, said = release()
    assert released == 1
    assert "knows no way back to them: bob, eve. `autograder export mail-merge .`" in said
    # A page of somebody whose marks are in no gradebook any more: taken back, or removed.
    hand_in_by_the_exchange("zoey")
    with small_class.gradebook() as gradebook:
        gradebook.remove_student("zoey")
        gradebook.db.commit()
    assert (small_class.root / "feedback" / "zoey" / "ps1" / "ps1.html").exists()
    assert release()[0] == 1
    small_class.by_hand("ada", 1.0)
    with pytest.raises(ExchangeError, match=r"Nothing was released.*: ada\. `autograder feedback \.`"):
        release()
