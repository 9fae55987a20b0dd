c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "decay"
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.solution_directory = "solutions"
c.Execute.record_timing = False

from decay.contents import COURSE  # noqa: E402

from autograder.gradebook.plugin import use_sandbox  # noqa: E402

use_sandbox(c, COURSE)
