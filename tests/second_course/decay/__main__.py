"""``python -m decay`` is this course's command line."""

from autograder.cli import main
from decay.contents import COURSE

if __name__ == "__main__":
    main(prog_name="decay", obj=COURSE)
