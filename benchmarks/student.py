"""What a student waits for: check(…) in a kernel, autograder --help, and --watch from the save to the verdict.

python benchmarks/student.py [--times 20]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import fill_in, reference_answers

#: The notebook that is saved again and again.
LESSON = COURSE.find_lesson("4-network")
WRONG = "def softmax(z):\n    return torch.softmax(z, dim=0)\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    print(f"autograder --help:                     {show([help_seconds() for _ in range(times)])}")
    with kernel() as run:
        run("import torch\nfrom torch import nn\nfrom autograder import check")
        for lesson in COURSE.lessons:
            for source in reference_answers(lesson, COURSE).values():
                run(source)
        softmax = "check('softmax')"
        print(f'check("softmax"), first in a kernel:   {1000 * run(softmax):.0f} ms')
        print(f'check("softmax"), later ones:          {show([run(softmax) for _ in range(times)])}')
        slowest = sorted(
            (
                (statistics.median(run(f"check({question.name!r})") for _ in range(3)), question.name)
                for _, question in COURSE.questions()
            ),
            reverse=True,
        )
        for seconds, name in slowest[:3]:
            print(f"  among the slowest: {name:20} {1000 * seconds:6.0f} ms")
    print(f"--watch, save to verdict:              {show(save_to_verdict(times, fork=True))}")
    print(f"  as on macOS and Windows, no fork:    {show(save_to_verdict(min(times, 8), fork=False))}")


def help_seconds() -> float:
    """Seconds for ``autograder --help``, from nothing."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "autograder", "--help"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


@contextmanager
def kernel() -> Iterator:
    """A real kernel: a function that runs a cell in it and returns the seconds until its result is there."""
    manager, client = start_new_kernel(kernel_name="python3")

    def run(source: str) -> float:
        began = time.perf_counter()
        reply = client.execute_interactive(source, output_hook=lambda message: None, timeout=120)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"{source} fails: {reply['content']}")
        return time.perf_counter() - began

    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def save_to_verdict(times: int, *, fork: bool) -> list[float]:
    """Seconds from each save, right and wrong in turn, to the line with all verdicts of a child that watches."""
    release = LESSON.notebook(COURSE.home / "assignments").read_text()
    right = reference_answers(LESSON, COURSE)
    texts = [fill_in(release, {**right, "softmax": WRONG}), fill_in(release, right)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{LESSON.name}.ipynb"
        path.write_text(texts[1])
        command = [sys.executable, "-c", _CHILD.format(fork=fork), str(path)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        taken = []
        try:
            assert child.stdout is not None
            child.stdout.readline()
            for number in range(times):
                time.sleep(0.3 if fork else 5.0)  # a student thinks for as long as the next worker takes to get ready
                began = time.perf_counter()
                (path.parent / "new").write_text(texts[number % 2])
                os.replace(path.parent / "new", path)
                child.stdout.readline()
                taken.append(time.perf_counter() - began)
        finally:
            child.kill()
            child.wait()
            child.stdout.close()
    return taken


_CHILD = """
import sys
from pathlib import Path
from rich.console import Console
from autograder.course.contents import COURSE
from autograder.student.notebook import lesson_of, with_checker
from autograder.student.watch import watch
path = Path(sys.argv[1])
notebooks = {{path: lesson_of(path, COURSE)}}
with_checker(lambda checker: watch(Console(), checker, notebooks), COURSE, fork={fork})
"""


def show(seconds: list[float]) -> str:
    """Median and spread in milliseconds."""
    low, middle, high = (1000 * one for one in statistics.quantiles(seconds, n=4))
    return f"median {middle:.0f} ms (middle half {low:.0f} to {high:.0f})"


if __name__ == "__main__":
    main()
