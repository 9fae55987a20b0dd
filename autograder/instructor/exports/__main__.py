"""What `run_autograder` starts in Gradescope's container: ``python -m autograder.instructor.exports LESSON ROOT``."""

import sys
from pathlib import Path

from autograder.instructor.exports._results import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
