"""Grading on more than one machine: an engine beside `autograder.grading.pool` with the same face, on a dask cluster.

Batches of submissions go to the cluster's workers as bytes and results come back as bytes, so that the machines need
no common disk. What each worker needs is an installation like the one here, hidden tests and reference solutions
included. In a worker nothing is graded by dask itself: it hands each submission to a grader process of our own
(`autograder.grading.pool.GraderProcess`), whose limits hold there. dask only ever sees well-behaved tasks, and a
submission that ends its grader costs itself alone.

Every batch is one future and is taken once. A worker that crashes takes nothing with it: dask does its batches again
elsewhere. A batch whose workers died again and again is taken apart when all others are done, and its submissions are
graded one at a time, so that only the one that does it is given up.

`engine` sends tasks of any kind; `notebooks` grades notebooks with it, `autograder.gradebook.remote` a class's
submissions. Needs the `cluster` extra.
"""

__all__: list[str] = []
