"""What runs inside a dask worker: it makes sure that it may grade at all, and hands batches to grader processes.

A worker has as many graders as it has threads that are busy, and keeps them from one batch to the next.
"""

import contextlib
import functools
import multiprocessing
import pickle
import platform
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from distributed import get_worker

from autograder.grading import fingerprints
from autograder.grading.cluster._messages import Crashed, Recipe, Refusal
from autograder.grading.pool import GraderProcess
from autograder.grading.processes import GraderDied
from autograder.judging.course import Course, load_course
from autograder.notebooks.reading import NotebookError


def installation(course: Course) -> dict[str, str]:
    """Fingerprints of all that scores depend on here, by name."""
    return dict(_installation(course.where, course.solutions))


@functools.cache
def _installation(where: str, solutions: Path) -> dict[str, str]:
    course = load_course(where)
    engine = fingerprints.engine(modules=course.modules)
    found = {"Python": ".".join(platform.python_version_tuple()[:2]), "grader": engine}
    for lesson in course.lessons:
        try:
            found[lesson.name] = repr(sorted(fingerprints.questions(lesson, solutions).items()))
        except (OSError, NotebookError):
            found[lesson.name] = "missing"
    return found


def grade_batch(recipe: Recipe, tasks: Sequence[bytes]) -> list[bytes | Crashed] | Refusal:
    """Do packed tasks, one after the other, in a grader process."""
    mine = installation(recipe.course)
    differing = [name for name, fingerprint in recipe.installation.items() if mine.get(name) != fingerprint]
    if differing:
        what = "everything" if len(differing) == len(recipe.installation) else ", ".join(differing)
        return Refusal(get_worker().address, f"its installation differs from the one here, in {what}")
    done: list[bytes | Crashed] = []
    try:
        while len(done) < len(tasks):
            with _borrowed(recipe) as grader:
                done += _until_death(grader, tasks[len(done) :])
    except RuntimeError as error:
        return Refusal(get_worker().address, str(error))
    return done


def _until_death(grader: GraderProcess[bytes, bytes], tasks: Sequence[bytes]) -> Iterator[bytes | Crashed]:
    """One at a time: a large task and a large result at once would wait for each other."""
    for task in tasks:
        grader.give(task)
        try:
            yield grader.take()
        except GraderDied as death:
            yield Crashed(str(death))
            return


#: Graders that have nothing to do at the moment, by `Recipe.grader`.
_idle: dict[bytes, list[GraderProcess[bytes, bytes]]] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def _borrowed(recipe: Recipe) -> Iterator[GraderProcess[bytes, bytes]]:
    """A grader for such tasks that has nothing to do, or a new one."""
    with _lock:
        idle = _idle.setdefault(recipe.grader, [])
        while idle and not idle[-1].alive:  # it has waited in vain and ended
            idle.pop().close()
        grader = idle.pop() if idle else _new(recipe.grader)
    try:
        yield grader
    except BaseException:
        grader.close()
        raise
    if grader.alive:
        with _lock:
            idle.append(grader)
    else:
        grader.close()


def _new(arguments: bytes) -> GraderProcess[bytes, bytes]:
    # dask marks its workers as daemons, and multiprocessing lets daemons have no children, lest they be left behind.
    # A grader ends by itself once nobody holds the other end of its connection.
    multiprocessing.current_process().daemon = False
    make, course, require = pickle.loads(arguments)
    return GraderProcess(make, course, require)
