"""What grading lesson 6 costs beside the student's own training alone, in CPU seconds.

python benchmarks/training.py [--submissions 40]
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import torch
from courses import BIN, environment, make_course
from measuring import run

from autograder.course.contents import COURSE
from autograder.judging.outcomes import Functions, Outcome
from autograder.judging.reference import ReferenceSolutions, load_solution
from autograder.judging.runner import Suites, with_suites

LESSON = COURSE.find_lesson("6-learning-digits")
#: Submissions graded to learn what starting costs, which is taken off.
FEW = 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=40)
    count = parser.parse_args().submissions
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        taken, costs = trainings(), []
        for number in (FEW, count):
            costs.append(graded(Path(place) / str(number), number))
            taken += trainings()  # before, between and after, so that a slow moment of the machine falls on both
    (few, many), alone = costs, statistics.median(taken)
    each = (many - few) / (count - FEW)
    print(f"train_network on 10,000 images, alone: {alone:.2f} CPU s")
    print(f"a submission of lesson 6, graded:      {each:.2f} CPU s, {each / alone:.2f} times as much")
    print(
        f"  with the start, shared by {count}:       {many / count:.2f} CPU s, {many / count / alone:.2f} times as much"
    )


def graded(course: Path, count: int) -> float:
    """CPU seconds of `autograder grade` and all its processes for so many right submissions."""
    make_course(course, count, (LESSON,), ("right",))
    return run([BIN / "autograder", "grade", course, "--workers", "1"], course, environment()).cpu


def trainings(times: int = 5) -> list[float]:
    """CPU seconds of the call of train_network that the suite makes with MNIST, on one thread as in the grader."""
    torch.set_num_threads(1)

    def training(suites: Suites) -> float:
        watched = _Watched(load_solution(LESSON, COURSE.solutions))
        suites.run(LESSON, watched)
        return max(watched.taken)

    def all_of_them(suites: Suites) -> list[float]:
        return [training(suites) for _ in range(times)]

    return with_suites(all_of_them, COURSE, ReferenceSolutions(COURSE), (LESSON,))


class _Watched:
    """Functions whose calls are timed."""

    def __init__(self, functions: Functions):
        self._functions = functions
        self.taken: list[float] = []

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> Outcome:
        began = time.process_time()
        try:
            return self._functions.call(name, arguments, seconds, keep_arguments)
        finally:
            self.taken.append(time.process_time() - began)


if __name__ == "__main__":
    main()
