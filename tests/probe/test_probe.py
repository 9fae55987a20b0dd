"""Stock nbgrader and we give the same marks and show the same outputs, but for what is known."""

import pytest
from probe import TIMEOUTS, cells, differences, known, run


@pytest.fixture(scope="module", params=list(TIMEOUTS))
def found(request, tmp_path_factory, monkeypatch_module):
    """What differs, of one file of cells: the file's name, and the differences."""
    stock, ours = (run(request.param, tmp_path_factory.mktemp("probe"), stock=stock) for stock in (True, False))
    return request.param, differences(stock, ours)


@pytest.fixture(scope="module")
def monkeypatch_module(tmp_path_factory):
    """Leaves the environment as it was."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", "")
        yield patch


def test_the_only_differences_are_those_that_are_known(found):
    part, differing = found
    assert differing == {name: what for name, (what, _) in known()[part].items()}


def test_there_are_many_cells_and_each_difference_has_a_reason():
    assert sum(len(cells(part)) for part in TIMEOUTS) >= 150
    for part, noted in known().items():
        assert set(noted) <= set(cells(part))
        assert all(why for _, why in noted.values())
