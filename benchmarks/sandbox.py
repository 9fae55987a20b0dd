"""What the sandbox costs: opening and closing a worker with all layers and with none, and the round trip of a call.

python benchmarks/sandbox.py [--workers 100] [--calls 1000]
"""

import argparse
import statistics
import time

import torch

from autograder.course.contents import COURSE
from autograder.grading.fork_server import surroundings_of
from autograder.sandbox import LAYERS, Cell, Zygote

CELLS = [Cell(1, "def same(x):\n    return x")]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workers", type=int, default=100)
    parser.add_argument("--calls", type=int, default=1000)
    options = parser.parse_args()
    surroundings = surroundings_of(COURSE)
    with Zygote(surroundings) as confined, Zygote(surroundings, layers=()) as bare:
        layers = [name for name, is_enforced in confined.confinement.items() if is_enforced and name in LAYERS]
        _ = bare.confinement
        times: dict[Zygote, list[float]] = {confined: [], bare: []}
        for _ in range(options.workers):  # in turns, so that a busy moment falls on both
            for zygote, taken in times.items():
                taken.append(open_and_close(zygote))
        print(f"layers enforced: {', '.join(layers)}")
        print(f"open + one cell + close, confined:   {show(times[confined])}")
        print(f"open + one cell + close, unconfined: {show(times[bare])}")
        for size in (3, 10_000 * 784):
            number = options.calls if size < 1000 else 20
            print(f"call with {4 * size:>10,} bytes there and back: {show(round_trips(confined, size, number))}")


def open_and_close(zygote: Zygote) -> float:
    """Seconds for a worker that runs one small cell."""
    began = time.perf_counter()
    with zygote.open(CELLS) as worker:
        worker.start()
    return time.perf_counter() - began


def round_trips(zygote: Zygote, size: int, number: int) -> list[float]:
    """Seconds of calls with a tensor of so many float32."""
    tensor = torch.zeros(size)
    taken = []
    with zygote.open(CELLS) as worker:
        worker.start()
        for _ in range(number):
            began = time.perf_counter()
            worker.call("same", (tensor,), 10)
            taken.append(time.perf_counter() - began)
    return taken


def show(seconds: list[float]) -> str:
    """Median and spread in milliseconds."""
    low, middle, high = (1000 * one for one in statistics.quantiles(seconds, n=4))
    return f"median {middle:.2f} ms (middle half {low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
