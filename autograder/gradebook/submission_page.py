"""The formgrader's page of one submission, with a policy that lets no script run but the page's own.

An instructor's browser is logged in to Jupyter when it shows what a student wrote. The autograded copy is made harmless
(`autograder.gradebook.harmless_copy`); this is the second layer, which holds without the first. Each script of
nbgrader's template carries a number drawn for this page, and a Content-Security-Policy lets no other run, and asks
nobody but Jupyter for anything. MathJax, which comes from the network and runs settings that it finds in the page,
would be a way around that, so formulas are drawn beforehand, as in feedback.
"""

import base64
import hashlib
import logging
import re
import secrets
from typing import Any

from jinja2 import DictLoader
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader.handlers import SubmissionFilesHandler

from autograder.gradebook.feedback_formulas import FORMULA_STYLE, draw_formulas

__all__ = ["add_policy"]

#: nbgrader's part of the page's template with all of its scripts, and how each of them begins.
_MACROS, _SCRIPT = "formgrade_macros.html.j2", "<script"
#: nbgrader's macro that begins the page's head.
_HEADER = "{% macro header(resources) %}"
#: nbconvert's macro that loads MathJax.
_NO_MATHJAX = {"mathjax.html.j2": "{% macro mathjax(url='') %}{% endmacro %}"}
#: What begins the head in our page. The formgrader's keys work once MathJax says that it has ended; so it does at once.
_BEGIN = f"""
<meta http-equiv="Content-Security-Policy" content="{{{{ resources.policy }}}}">
<style>{FORMULA_STYLE}</style>
<script>
var MathJax = {{Hub: {{Startup: {{signal: {{Interest: function (tell) {{ setTimeout(tell, 0, "End"); }}}}}}}}}};
</script>"""

#: What a file beside a notebook may do where the formgrader serves it: nothing, and from an origin of its own.
_POLICY_OF_FILES = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


def add_policy(settings: dict[str, Any], log: logging.Logger) -> None:
    """Give the pages of a formgrader that is loaded their policy.

    Args:
        settings: those of the Jupyter server's application.
        log: the server's.
    """
    original: HTMLExporter | None = settings.get("nbgrader_exporter")
    if original is None:
        return
    pages = original.environment
    macros = pages.loader.get_source(pages, _MACROS)[0] if pages.loader is not None else ""
    if _HEADER not in macros or _SCRIPT not in macros:
        log.warning("This nbgrader's page of a submission is none that we know, so it has no policy of ours.")
        return
    settings["nbgrader_exporter"] = SubmissionPage(macros, config=original.config)
    SubmissionFilesHandler.content_security_policy = _POLICY_OF_FILES


class SubmissionPage(HTMLExporter):
    """nbgrader's page of one submission, with our policy and with formulas that need no script."""

    def __init__(self, macros: str, **kwargs: Any):
        handlers = set(re.findall(r'\bonclick="([^"]*)"', macros))
        self._handlers = " ".join(sorted(f"'sha256-{_sha256(handler)}'" for handler in handlers))
        ours = macros.replace(_HEADER, _HEADER + _BEGIN, 1)
        ours = ours.replace(_SCRIPT, f'{_SCRIPT} nonce="{{{{ resources.nonce }}}}"')
        super().__init__(extra_loaders=[DictLoader({_MACROS: ours, **_NO_MATHJAX})], **kwargs)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> tuple[Any, Any]:
        """As `HTMLExporter.from_notebook_node`; each page has a policy of its own."""
        nonce = secrets.token_urlsafe(16)
        resources = {**(resources or {}), "nonce": nonce, "policy": self._policy(nonce)}
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        head, rest = page.split("</head>", 1)
        return f"{head}</head>{draw_formulas(rest)}", resources

    def _policy(self, nonce: str) -> str:
        """Scripts with the number, and the handlers of nbgrader's two buttons; styles and answers of Jupyter's own."""
        return (
            f"default-src 'none'; script-src 'nonce-{nonce}' 'unsafe-hashes' {self._handlers}; "
            "style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'"
        )


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
