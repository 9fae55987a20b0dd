# nbgrader's settings for this course: one source, from which it makes what students get and the solutions.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "neurons-to-network"
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.solution_directory = "solutions"

# Pictures and long training are for the reader; grading needs none of them. (Building the solutions does run them.)
c.Execute.skip_cells_with_tag = "show"
# Lesson 6 trains on 60,000 digits in one cell.
c.Execute.timeout = 120
# Times of execution would make every rebuilt solution differ from the one before.
c.Execute.record_timing = False
# Widgets show their still pictures where they do not run; their state is large and names itself anew each time.
c.Execute.store_widget_state = False

# A graded cell that a student has deleted is put back, and graded like everybody's.
c.OverwriteCells.add_missing_cells = True

# `nbgrader autograde` and the formgrader run what students hand in inside our sandbox.
from autograder.plugin import use_sandbox  # noqa: E402

use_sandbox(c)
