"""nbgrader's `release_feedback`, which hands back no page that shows something else than the gradebook."""

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.feedback_pages import FeedbackPages
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
        stale = [one for one in FeedbackPages(folder, self.coursedir.assignment_id, students).stale if one.before]
        if stale:
            self.fail(
                f"Nothing was released: {len(stale)} feedback pages of {self.coursedir.assignment_id} show something "
                f"else than the gradebook: {listed([one.student for one in stale])}. "
                "`autograder feedback .` makes them anew."
            )
