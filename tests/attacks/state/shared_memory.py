"""Writes into memory that it may share with the zygote: mapped files, shared tensors, the pages of libraries."""
# answers: none
# deserves: 0

import ctypes
import gc
import mmap

import torch

import autograder.course.data

for thing in gc.get_objects():
    if isinstance(thing, mmap.mmap):
        thing[:1] = b"x"
    if isinstance(thing, torch.Tensor) and thing.dtype == torch.uint8:
        thing.zero_()
autograder.course.data.load_mnist().train_images.zero_()
for part in autograder.course.data._mnist():
    part.zero_()
# Small integers live once in a process: 7 becomes 8.
ctypes.c_int.from_address(id(7) + 24).value = 8
