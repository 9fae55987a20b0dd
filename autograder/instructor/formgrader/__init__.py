"""A page of ours in nbgrader's formgrader: report, similar answers and exports of the class, where instructors are.

Jupyter loads it where `autograder.json` lies in a folder ``etc/jupyter/jupyter_server_config.d`` of its environment;
``make`` puts it there. The formgrader itself stays as it is: its pages get one link more, and what the link leads to
are our own commands, run in a process of their own. Its page of a submission gets a Content-Security-Policy.
"""

from typing import Any

from autograder.gradebook.submission_page import add_policy
from autograder.instructor.formgrader._link import add_link
from autograder.instructor.formgrader._pages import handlers
from autograder.instructor.formgrader._runs import Runs

#: Nothing of ours imports this; Jupyter calls the two functions by their names.
__all__: list[str] = []


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """What Jupyter asks a package for: where its extension is."""
    return [{"module": "autograder.instructor.formgrader"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Add our pages to a Jupyter server, and to the formgrader's, once it is loaded, a link to them and a policy."""
    server.web_app.settings["autograder_runs"] = Runs()
    server.web_app.add_handlers(".*$", handlers(server.web_app.settings["base_url"]))
    # Extensions are loaded by their names, and nbgrader's comes later.
    for add in (add_link, add_policy):
        server.io_loop.add_callback(add, server.web_app.settings, server.log)
