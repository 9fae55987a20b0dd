"""Whether a notebook is looking."""


def in_kernel() -> bool:
    """Whether this runs in a Jupyter kernel, as against a terminal or a script."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None
