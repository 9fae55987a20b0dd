"""The command line: the group `main`, and one file for each group of commands.

This package is a door: it hands a course to the engine. The course is ours unless another one is given:
``main(obj=COURSE)`` is the command line of that other course.
"""

from autograder.cli import collect, export, feedback, grade, ledger, look, make, student, trial
from autograder.cli.main import main

__all__ = ["main"]

for _command in (
    *(student.check, student.progress),
    *(grade.grade, grade.stop, feedback.feedback, export.export),
    *(collect.collect, ledger.ledger, ledger.undo),
    *(look.report, look.similar, look.doctor, trial.trial),
    *(make.build, make.release, make.demo),
):
    main.add_command(_command)
