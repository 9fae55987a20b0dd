# The two lines, for `make conformance`.
c = get_config()  # noqa: F821

from autograder.plugin import use_sandbox  # noqa: E402

use_sandbox(c)
