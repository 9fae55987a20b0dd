"""The way in: what another system has collected, put where nbgrader looks for it, under the students' own ids.

Whose a file is stands in its name, as the system has written it, and in the roster; which lesson it is, and which of
several is the one that was worked on, is decided by what is in it. Nothing is run, nothing of it is unpacked to where
its name says, and nothing that is there already is lost.
"""

from autograder.instructor.collect._collecting import Collected, Place, Row, collect
from autograder.instructor.collect._reading import CollectError
from autograder.instructor.collect._roster import RosterRow, read_roster_file

__all__ = ["CollectError", "Collected", "Place", "RosterRow", "Row", "collect", "read_roster_file"]
