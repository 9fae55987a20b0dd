"""nbgrader's `release_feedback`, which hands back no page that shows something else than the gradebook."""

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.feedback_pages import FeedbackPages
from autograder.gradebook.page_refusal import NEEDED
from autograder.gradebook.staleness import listed

__all__ = ["CurrentReleaseFeedback"]


class CurrentReleaseFeedback(ExchangeReleaseFeedback):
    """Releases feedback where every page is up to date, and says what to do where one is not."""

    def init_src(self) -> None:
        """As nbgrader's.

        Raises:
            nbgrader.exchange.ExchangeError: a page is stale.
        """
        super().init_src()
        student = self.coursedir.student_id
        folder = CourseFolder(Path(self.coursedir.root), self.config)
        students = folder.selection() if student in ("", "*") else folder.selection([student])
        pages_of_all = FeedbackPages(folder, self.coursedir.assignment_id, students)
        stale = [one for one in pages_of_all.stale if one.before]
        if stale:
            pages = "1 feedback page" if len(stale) == 1 else f"{len(stale)} feedback pages"
            self.fail(
                f"Nothing was released. Of {self.coursedir.assignment_id}, {pages} would show something else than the "
                f"gradebook: {listed([one.student for one in stale])}. `autograder feedback .` brings all up to date."
            )
        self._without_secret = [
            one
            for one in folder.with_feedback(self.coursedir.assignment_id)
            if one.student in students and not all((one.folder / name).is_file() for name in NEEDED)
        ]
        gone = [student for student, _ in pages_of_all.strangers]  # what their pages show, no gradebook has
        # nbgrader has one setting for whom to leave out, and stops at the first page that it cannot hand back.
        left_out = [*folder.excluded, *gone, *(one.student for one in self._without_secret)]
        self.coursedir.student_id_exclude = ",".join(left_out)

    def copy_files(self) -> None:
        """As nbgrader's; and say whose pages the exchange cannot hand back."""
        super().copy_files()
        if self._without_secret:
            self.log.warning(
                "Not handed in by the exchange, which knows no way back to them: %s. `autograder export mail-merge .` "
                "writes their pages as files.",
                listed([one.student for one in self._without_secret]),
            )
