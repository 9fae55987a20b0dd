"""What `run_autograder` starts in Gradescope's container: COURSE is graded there, in ROOT.

``python -m autograder.instructor.exports COURSE LESSON ROOT``; COURSE is where it is imported from, ``module:NAME``.
"""

import sys
from pathlib import Path

from autograder.instructor.exports._results import main
from autograder.judging.course import load_course

if __name__ == "__main__":
    where, lesson, root = sys.argv[1:]
    sys.exit(main(lesson, load_course(where), Path(root)))
