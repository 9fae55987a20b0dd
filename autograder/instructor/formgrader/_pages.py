"""Our pages on the Jupyter server: what there is to do, what came of it, and the files."""

import mimetypes
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from autograder.instructor.formgrader._runs import ACTIONS, Action, Run, Runs

_PAGE = Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))

#: What a file of ours may do in a browser. It is no page of Jupyter's: from its origin nothing of Jupyter is reached.
_POLICY = (
    "sandbox allow-scripts allow-popups; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; font-src data:"
)


def handlers(base_url: str) -> list[tuple[str, type[web.RequestHandler]]]:
    """Our addresses, and what answers there."""
    return [
        (url_path_join(base_url, r"/autograder/?"), _Start),
        (url_path_join(base_url, r"/autograder/run/(\w+)"), _Start),
        (url_path_join(base_url, r"/autograder/result/([\w-]+)/([\w.-]+)"), _Result),
    ]


class _Page(JupyterHandler):
    @property
    def runs(self) -> Runs:
        runs: Runs = self.settings["autograder_runs"]
        return runs

    @property
    def root(self) -> Path:
        """The folder of the class that the formgrader shows."""
        formgrader = self.settings.get("nbgrader_formgrader")
        if formgrader is None:
            raise web.HTTPError(503, "The formgrader is not loaded. `jupyter server extension list` says why.")
        return Path(formgrader.coursedir.root)


class _Start(_Page):
    """What there is to do, and above it what came of the last command."""

    @web.authenticated
    def get(self, action: str = "") -> None:
        """Show what there is to do."""
        if action:
            return self.redirect(url_path_join(self.base_url, "/autograder/"))
        self._show("")

    @web.authenticated
    async def post(self, action: str = "") -> None:
        """Run a command, and show what it said."""
        if action not in ACTIONS:
            raise web.HTTPError(404)
        self._show(_outcome(await self.runs.run(ACTIONS[action], self.root), self.base_url))

    def _show(self, outcome: str) -> None:
        xsrf = self.xsrf_form_html()
        base = self.base_url.rstrip("/")
        self.finish(
            _PAGE.substitute(
                base=escape(base),
                root=escape(str(self.root)),
                outcome=outcome,
                actions="".join(_form(name, action, base, xsrf) for name, action in ACTIONS.items()),
            )
        )


class _Result(_Page):
    """A file that a command has written. What students wrote is in it, so it may not act for whoever looks at it."""

    @property
    def content_security_policy(self) -> str:
        """As `JupyterHandler.content_security_policy`: an origin of its own, from which Jupyter cannot be reached."""
        return _POLICY

    @web.authenticated
    def get(self, id: str, name: str) -> None:
        """Send the file."""
        path = self.runs.find(id, name)
        if path is None:
            raise web.HTTPError(404, "That result is not kept any more. Make it anew.")
        self.set_header("Content-Type", mimetypes.guess_type(name)[0] or "application/octet-stream")
        if path.suffix != ".html":
            self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(path.read_bytes())


def _form(name: str, action: Action, base: str, xsrf: Any) -> str:
    xsrf = xsrf.decode() if isinstance(xsrf, bytes) else xsrf
    return (
        f'<form method="post" action="{escape(base)}/autograder/run/{name}">{xsrf}'
        f"<button>{escape(action.title)}</button> <span>{escape(action.about)}</span></form>"
    )


def _outcome(run: Run, base_url: str) -> str:
    """What came of a run: the way to its files, and all that the command said."""
    place = url_path_join(base_url, "/autograder/result", run.id)
    links = ", ".join(
        f'<a href="{escape(url_path_join(place, name))}" target="_blank">{escape(name)}</a>' for name in run.files
    )
    heading = f"{escape(run.action.title)}: {links or 'nothing was made'}"
    return f'<section class="outcome"><h2>{heading}</h2><pre>{escape(run.said)}</pre></section>'
