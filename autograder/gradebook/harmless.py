"""HTML and Markdown of a stranger's, made harmless to look at: no script, frame, form or request to anybody is left.

What a submission shows is read in an instructor's browser, where the gradebook is one click away. HTML goes through
nh3, a maintained sanitizer, with the list of what is allowed below. Markdown stays as it was written if nothing in it
needs cleaning; else it is replaced by the HTML that it makes, cleaned. What would take long to read is shown as text.
"""

import html
import re
from functools import lru_cache
from typing import Any, NamedTuple

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.token import STANDARD_TYPES

__all__ = ["clean_html", "clean_markdown", "clean_tex", "is_picture", "letter_by_letter", "work"]

#: Longest HTML that is cleaned, in characters, most tags in it, and how deep they may nest. Beyond that it is shown as
#: text. Browsers themselves nest no deeper than 512.
MAX_HTML = 2**20
MAX_TAGS = 20_000
MAX_DEPTH = 400
#: Longest Markdown that is read as Markdown, and how much work its marks may make: see `work`.
MAX_MARKDOWN = 100_000
MAX_WORK = 2_000_000
#: Most that the pictures of one piece of Markdown amount to, each counted as often as it is shown.
MAX_PICTURES = 20 * 2**20
#: Longest text that is shown in place of something that is not read.
MAX_SHOWN = 100_000

_SHAPES = frozenset("svg g path rect circle ellipse line polyline polygon text tspan".split())
_TAGS = (nh3.ALLOWED_TAGS - {"map", "area", "nav", "header", "footer"}) | {"tfoot", "font"} | _SHAPES

_STYLES = frozenset(
    """
    background-color border border-bottom border-bottom-color border-collapse border-color border-left
    border-left-color border-radius border-right border-right-color border-spacing border-style border-top
    border-top-color border-width caption-side color display fill fill-opacity font font-family font-size font-style
    font-variant font-weight height line-height list-style-type max-height max-width min-height min-width opacity
    overflow overflow-x overflow-y padding padding-bottom padding-left padding-right padding-top stroke
    stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity stroke-width text-align text-anchor
    text-decoration white-space width word-break
    """.split()
)

_PRESENTATION = frozenset(
    """
    viewBox width height x y x1 x2 y1 y2 cx cy r rx ry d points transform fill fill-opacity fill-rule stroke
    stroke-width stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin opacity font-size font-weight
    font-family text-anchor dominant-baseline dx dy preserveAspectRatio
    """.split()
)

_ATTRIBUTES: dict[str, set[str]] = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    **{tag: set(_PRESENTATION) for tag in _SHAPES},
    "font": {"color", "size"},
    "details": {"open"},
    "*": {"style", "class", "title", "lang", "dir", "align", "role", "aria-label", "aria-hidden"},
}

#: Classes of tables that pandas makes, of code that Pygments colours, and of the coloured boxes in which many courses
#: put their instructions. Others would be those of the page itself: with them a text could look like a score.
_BOXES = frozenset({"alert", "alert-info", "alert-success", "alert-warning", "alert-danger", "alert-block"})
_CLASSES = frozenset({"dataframe", "highlight", *_BOXES, *filter(None, STANDARD_TYPES.values())})

#: What makes a request, or hides what it is, in a value of CSS.
_FETCHES = re.compile(r"url|image|src|expression|import|attr|env|var|[\\@]", re.IGNORECASE)

_LINK = re.compile(r"(https?://[^\s\\]|mailto:[^\s\\]|#)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_PICTURE_FILE = re.compile(r"[\w-][\w. -]*(/[\w-][\w. -]*)*\.(png|jpe?g|gif|webp)", re.IGNORECASE)

#: Tags that are harmless as they stand: they have nothing but a name.
_BARE = re.compile(
    r"</?(?:b|blockquote|br|center|code|dd|del|details|div|dl|dt|em|h[1-6]|hr|i|kbd|li|ol|p|pre|s|small|span|strong"
    r"|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul) ?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_TAG_BEGINS = re.compile(r"<[a-zA-Z/!?]")
_REFERENCE = re.compile(r'\b(href|src)="([^"]*)"')
_ID = re.compile(r'\bid="([^"]*)"')
#: What TeX in a page may do beside mathematics: links, styles, classes, more of itself.
_TEX = re.compile(r"\\(?=(?:href|url|style|class|cssId|require|unicode|includegraphics|html[A-Z]\w*|data)\b)")
#: Marks at which a reader of Markdown tries something, and may look as far as to the end.
_MARKS = re.compile(r"[\\$`*_\[\]<>!&|~#:\n]")


class _Read(NamedTuple):
    """What Markdown makes.

    Attributes:
        source: what to keep of it.
        ids: the names that its headings have in a page.
        is_original: whether it is kept as it was.
    """

    source: str
    ids: frozenset[str]
    is_original: bool


def clean_html(text: str) -> str:
    """HTML without anything that acts or that asks somebody for something. What is too large is shown as text."""
    if len(text) > MAX_HTML or text.count("<") > MAX_TAGS or _depth(text) > MAX_DEPTH:
        return letter_by_letter(text)
    cleaned: str = nh3.clean(
        text,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties=set(_STYLES),
    )
    return clean_tex(cleaned)


def clean_tex(text: str) -> str:
    """Mathematics without commands that make links, load something or borrow the page's styles. They show as text."""
    return _TEX.sub("\\\\\N{ZERO WIDTH SPACE}", text)


def is_picture(kind: str, content: Any) -> bool:
    """Whether something is the base64 of a picture of this kind (``image/png``)."""
    return isinstance(content, str) and _PICTURE.fullmatch(f"data:{kind};base64,{content}") is not None


def clean_markdown(
    source: str, attachments: dict[str, dict[str, str]] | None = None, reserved: frozenset[str] = frozenset()
) -> str:
    """Markdown that makes nothing but harmless HTML; the same text, if it does so already.

    Args:
        source: the Markdown.
        attachments: pictures that go with it, by name: their base64 by kind, as `is_picture` wants it.
        reserved: names in the page that no heading may take.
    """
    pictures = attachments or {}
    if len(source) > MAX_MARKDOWN or work(source) > MAX_WORK or _amount(source, pictures) > MAX_PICTURES:
        return letter_by_letter(source)
    if pictures:
        found = _read(source, pictures)
    else:
        found = _read_without_pictures(source)
    if found.is_original and not (found.ids & reserved):
        return source
    return _as_block(source, pictures) if found.is_original else found.source


def _read(source: str, pictures: dict[str, dict[str, str]]) -> _Read:
    made = _render(source, pictures)
    is_original = (
        not _TAG_BEGINS.search(_BARE.sub(" ", source))
        and not _TEX.search(source)
        and all(_reference(*found) for found in _REFERENCE.findall(made))
        and all(name in pictures for name in re.findall(r"attachment:([^\s)\"'>]+)", source))
    )
    ids = frozenset(html.unescape(name) for name in _ID.findall(made))
    return _Read(source if is_original else _as_block(source, pictures), ids, is_original)


@lru_cache(maxsize=2_000)
def _read_without_pictures(source: str) -> _Read:
    """As `_read`; most cells of a class are the same."""
    return _read(source, {})


def _as_block(source: str, pictures: dict[str, dict[str, str]]) -> str:
    """The cleaned HTML of Markdown, as a block that a reader of Markdown hands on as it is."""
    cleaned = clean_html(_render(source, pictures)).strip()
    # A block of HTML ends at an empty line.
    block = "<div>" + cleaned.replace("\r", "").replace("\n", "&#10;") + "</div>"
    return block if _render(block, {}).strip() == block else letter_by_letter(source)


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, for which a picture that is not there is no reason to give up."""

    def _embed_image_or_attachment(self, src: str) -> str:
        if src.startswith("attachment:") and not self.attachments.get(src.removeprefix("attachment:")):
            return ""
        return str(super()._embed_image_or_attachment(src))


def _render(source: str, pictures: dict[str, dict[str, str]]) -> str:
    try:
        return MarkdownWithMath(renderer=_Renderer(escape=False, attachments=pictures)).render(source)
    except (RecursionError, LookupError, TypeError, ValueError):  # it nests too deep, or its reader stumbles
        return letter_by_letter(source)


def letter_by_letter(source: str) -> str:
    """The beginning of a text, letter for letter, as HTML in which nothing means anything to anybody."""
    shown = source[:MAX_SHOWN] + ("\n… (the rest was left out)" if len(source) > MAX_SHOWN else "")
    return "<pre>" + re.sub(r"[^\w .,;-]", lambda found: f"&#{ord(found[0])};", shown, flags=re.ASCII) + "</pre>"


def _depth(text: str) -> int:
    """How deep tags may nest: those that are never closed count, whatever they are."""
    open_tags: dict[str, int] = {}
    depth = deepest = 0
    for slash, name in _TAG.findall(text):
        name = name.lower()
        if slash and open_tags.get(name):
            open_tags[name] -= 1
            depth -= 1
        elif not slash and name not in _VOID:
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def work(source: str) -> int:
    """How many characters a reader of Markdown may have to look at: at each mark it may look as far as to the end."""
    return len(_MARKS.findall(source)) * len(source) // 4


def _amount(source: str, pictures: dict[str, dict[str, str]]) -> int:
    largest = max((len(content) for kinds in pictures.values() for content in kinds.values()), default=0)
    return largest * source.count("attachment:")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What to keep of an attribute."""
    match name:
        case "href" | "src" | "cite":
            return value if _reference(name, value) else None
        case "class":
            kept = [word for word in value.split() if word in _CLASSES]
            return " ".join(kept) or None
        case "style":
            kept = [part for part in value.split(";") if not _FETCHES.search(part)]
            return ";".join(kept) or None
    if tag in _SHAPES and _FETCHES.search(value):
        return None
    return value


def _reference(name: str, value: str) -> bool:
    """Whether an address may stand in a page: of a link, or of a picture."""
    address = html.unescape(value).strip()
    if name == "src":
        return bool(_PICTURE.fullmatch(address) or _PICTURE_FILE.fullmatch(address)) or not address
    return bool(_LINK.match(address))
