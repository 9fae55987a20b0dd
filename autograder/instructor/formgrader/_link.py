"""The link in the formgrader's sidebar."""

import logging
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FunctionLoader

#: nbgrader's template of all its pages, and the end of the sidebar in it.
_TEMPLATE = "base.tpl"
_BEGIN, _END = 'class="nav nav-pills nav-stacked"', "</ul>"
_LINK = '<li role="presentation"><a href="{{ base_url }}/autograder/">Report, similar, exports</a></li>\n        '


def add_link(settings: dict[str, Any], log: logging.Logger) -> None:
    """Add our link to the pages of a formgrader that is loaded.

    Args:
        settings: those of the Jupyter server's application.
        log: the server's.
    """
    pages: Environment | None = settings.get("nbgrader_jinja2_env")
    if pages is None or pages.loader is None:
        log.warning("The formgrader is not loaded, so it has no link to autograder's page.")
        return
    original: BaseLoader = pages.loader
    source = with_link(original.get_source(pages, _TEMPLATE)[0])
    if source is None:
        log.warning("This nbgrader's pages have no sidebar that we know; the page is at /autograder/.")
        return

    def ours(name: str) -> str | None:
        return source if name == _TEMPLATE else None

    pages.loader = ChoiceLoader([FunctionLoader(ours), original])
    if pages.cache is not None:
        pages.cache.clear()


def with_link(template: str) -> str | None:
    """nbgrader's template with our link at the end of the sidebar; ``None`` if it has no such place."""
    begin = template.find(_BEGIN)
    end = template.find(_END, begin)
    return None if min(begin, end) < 0 else template[:end] + _LINK + template[end:]
