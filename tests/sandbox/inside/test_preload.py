"""What a course wants around its students' code is there before any of it runs."""

import statistics

import pytest

from autograder.judging.outcomes import Raised, Returned
from autograder.sandbox import Surroundings, Zygote


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "spawned"])
class TestSurroundings:
    """As a course of another subject would have them."""

    SOURCE = """
    import faulthandler, sys
    def on(): return faulthandler.is_enabled()
    def apply(f, x): return f(x)
    def of_a_course(): return [name for name in sys.modules if name.startswith("autograder.course")]
    """

    def test_what_is_preloaded_has_been_called_and_functions_travel_by_name(self, cells, fork):
        with Zygote(Surroundings("faulthandler:enable", functions="statistics"), fork=fork) as zygote:
            with zygote.open(cells(self.SOURCE)) as worker:
                assert worker.call("on", (), 5) == Returned(True)
                assert worker.call("apply", (statistics.mean, [1, 2, 6]), 5) == Returned(3)

    def test_without_them_nothing_is_called_or_imported_and_no_function_travels(self, cells, fork):
        with Zygote(fork=fork) as zygote, zygote.open(cells(self.SOURCE)) as worker:
            assert worker.call("on", (), 5) == Returned(False)
            assert worker.call("of_a_course", (), 5) == Returned([])
            outcome = worker.call("apply", (statistics.mean, [1, 2, 6]), 5)
            assert isinstance(outcome, Raised)
            assert "UnsupportedValue" in outcome.text


class TestChecks:
    """A check among a notebook's own cells is silent while the notebook is graded."""

    SOURCE = """
    import autograder
    from autograder import check, hint
    said = check("softmax"), hint("no such question"), autograder.check("softmax")
    def f():
        import os
        return said, os.environ["AUTOGRADER_CHECKS"]
    """

    def test_in_a_zygotes_worker(self, zygote, cells):
        self.assert_silent(zygote, cells)

    def test_in_a_worker_without_layers(self, bare, cells):
        self.assert_silent(bare, cells)

    def test_in_a_worker_of_its_own(self, cells):
        with Zygote(fork=False) as spawning:
            self.assert_silent(spawning, cells)

    def test_it_is_the_environment_and_nobody_replaces_functions(self, zygote, cells):
        source = "import autograder\ndef f(): return autograder.check.__module__, autograder.hint.__name__"
        with zygote.open(cells(source)) as worker:
            assert worker.call("f", (), 5) == Returned(("autograder", "hint"))

    def assert_silent(self, zygote, cells):
        with zygote.open(cells(self.SOURCE)) as worker:
            assert worker.call("f", (), 5) == Returned(((None, None, None), "off"))
            assert worker.reports == ()
            assert worker.outputs == {}
