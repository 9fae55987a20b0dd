"""Values cross the wire as what they are; functions by their name only, and only those of one module."""

import statistics

import pytest
import torch

from autograder.judging.values import MAX_DEPTH, MAX_PARTS, UnsupportedValue, plain
from autograder.sandbox.wire.errors import WireError
from autograder.sandbox.wire.packing import module_of, pack, unpack


def there_and_back(value, functions=None):
    arrays = []
    node = pack(value, arrays, functions)
    return unpack(node, [bytearray(array) for array in arrays], functions)


@pytest.mark.parametrize("value", [None, True, 3, 2.5, "text", (), [1, (2, "a")], {"a": [None]}])
def test_plain_values(value):
    assert there_and_back(value) == value


@pytest.mark.parametrize(
    "tensor", [torch.eye(3), torch.tensor([True, False]), torch.zeros(0, 4), torch.tensor(3), torch.ones(2, 3).T]
)
def test_tensors(tensor):
    found = there_and_back({"W": tensor})["W"]
    assert found.dtype == tensor.dtype
    assert torch.equal(found, tensor)


def nested(depth):
    """What a hostile worker may claim to have packed: a number in lists in lists."""
    value = 1.0
    node = pack(value, [], None)
    for _ in range(depth):
        outer = pack([value], [], None)
        outer.parts = [node]
        node = outer
    return node


def test_what_is_nested_too_deeply_is_refused():
    assert unpack(nested(MAX_DEPTH), []) is not None
    for depth in (MAX_DEPTH + 3, 900):
        with pytest.raises(WireError, match="nested too deeply"):
            unpack(nested(depth), [])


def test_a_list_that_contains_itself_comes_back_as_far_as_it_is_followed():
    loop = []
    loop.append(loop)
    pair = (plain(loop), None)
    assert unpack(pack(pair, []), []) == pair


def test_what_has_too_many_parts_is_refused():
    node = pack([1.0], [], None)
    node.parts = node.parts * (MAX_PARTS + 200)
    with pytest.raises(WireError, match="too many parts"):
        unpack(node, [])


class TestFunctions:
    """The module whose functions may travel is handed down; nothing else is looked up."""

    def test_functions_of_the_module(self):
        functions = module_of("statistics")
        assert functions is statistics
        assert there_and_back([statistics.mean, 1], functions) == [statistics.mean, 1]

    @pytest.mark.parametrize("function", [len, torch.softmax, statistics.sqrt])
    def test_functions_of_other_modules_are_unsupported_values(self, function):
        try:
            assert isinstance(there_and_back(function, statistics), UnsupportedValue)
        except WireError:  # the module has imported it, and would not give it out
            assert function is statistics.sqrt

    def test_without_a_module_no_function_travels(self):
        assert module_of("") is None
        assert isinstance(there_and_back(statistics.mean), UnsupportedValue)

    @pytest.mark.parametrize("functions", [None, statistics])
    @pytest.mark.parametrize("name", ["sqrt", "math", "__builtins__", "nothing", "__name__", ""])
    def test_names_that_are_no_function_of_the_module_are_refused(self, name, functions):
        node = pack(statistics.mean, [], statistics)
        node.name = name
        with pytest.raises(WireError, match="no public function"):
            unpack(node, [], functions)
