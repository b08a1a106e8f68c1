"""HTML → structure: the main content of a page, without its navigation, advertising and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import ClassVar

from lxml import etree

from corpus.errors import UnreadableFileError
from corpus.readers.composer import Composer
from corpus.readers.flow import Element, Flow
from corpus.readers.grid import Grid
from corpus.readers.parsed import bare_text, child, children, descendants, refuse_depth, tag_of
from corpus.readers.structure import Structure

_DROPPED = frozenset(
    "script style noscript template nav footer aside form button select option input textarea iframe svg canvas "
    "object embed audio video map dialog menu head title meta link img picture source".split()
)
_ASIDE = re.compile(
    r"(?:(?:site|page|global|main|top|left|right|article|cookie|social|primary|secondary)[-_])?"
    r"(?:nav|navbar|navigation|menu|sidebar|breadcrumbs?|cookies?|consent|advert|advertisement|ads?|promo|sharing|share"
    r"|social|newsletter|subscribe|footer|masthead|pagination|pager|popup|modal|skip-?links?|toolbar|sr-only"
    r"|visually-hidden|mw-editsection|related-(?:articles|posts|content|links|stories)|comments)"
    r"(?:[-_](?:bar|banner|box|container|wrapper|list|menu|links?|section|block|widget|area|inner|content|buttons?))*",
    re.IGNORECASE,
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu", "dialog", "form"})
_TITLE_TAIL = re.compile(r"\s+(?:[|–—»]|-)\s+[^|–—»]{2,60}$")
_FEWEST = 200  # characters that a main element has to hold to be taken for the content
_MOST_MARKED = 10  # elements that may be the content; more are entries of a list
_META = {
    "title": ("citation_title", "dc.title", "og:title"),
    "year": ("citation_publication_date", "citation_date", "citation_online_date", "dc.date", "article:published_time"),
    "journal": ("citation_journal_title", "prism.publicationname"),
    "doi": ("citation_doi", "dc.identifier", "prism.doi"),
    "pmid": ("citation_pmid",),
    "url": ("citation_fulltext_html_url", "og:url"),
}


def read_html(text: str, name: str) -> list[Structure]:
    """Return the structure of a page.

    Raises:
        UnreadableFileError: nothing can be parsed, or it is nested too deeply.
    """
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(f"{name} holds no page that can be read; save it again from the browser.") from error
    if root is None:
        raise UnreadableFileError(f"{name} holds no page that can be read; save it again from the browser.")
    refuse_depth(root, name)
    return read_page(root)


def read_page(root: Element) -> list[Structure]:
    """Return the structure of a page that is parsed already."""
    return [_Page(root).read()]


class _Page(Flow):
    skipped: ClassVar[frozenset[str]] = _DROPPED
    blocks: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            "div section article main header body center address blockquote figure details summary fieldset dl dd "
            "hgroup tbody tr td th noframes caption".split(),
            "walk",
        ),
        **dict.fromkeys(["p", "pre"], "paragraph"),
        **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], "heading"),
        **dict.fromkeys(["ul", "ol"], "list_"),
        "dt": "walk",
        "figcaption": "figure",
        "table": "tabled",
    }

    def __init__(self, root: Element) -> None:
        super().__init__(Composer())
        self._root = root
        self._is_marked = False  # whether the page says which part of it is the content
        self._raised = 0  # how many levels headings go down, so that the page's title is the only one at the top

    def read(self) -> Structure:
        """Return the page's structure."""
        self.composer.metadata = self._metadata()
        main = self._main()
        self._is_marked = tag_of(main) not in ("body", "html")
        tops = list(descendants(main, "h1"))
        title = str(self.composer.metadata["title"] or "")
        if len(tops) != 1 and title:
            self.composer.heading(1, title)
            self._raised = 1 if tops else 0
        self.walk(main)
        return self.composer.finish()

    # --- blocks ---

    def _take(self, child: Element) -> None:
        if not tag_of(child) or not self._is_aside(child):
            super()._take(child)

    def heading(self, element: Element) -> None:
        """Begin a section."""
        level = int(tag_of(element)[1]) + self._raised
        self.composer.heading(level, self.flat(element))
        self.level = level + 1

    def list_(self, element: Element) -> None:
        """Add a list, unless its entries are hardly more than links and nothing says that they are content."""
        entries = [entry for entry in element if tag_of(entry) in ("li", "ul", "ol")]
        text = bare_text(element)
        linked = sum(len(bare_text(link)) for link in descendants(element, "a"))
        if not self._is_marked and linked > 0.8 * len(text) and not self._cites(element):
            return
        start = str(element.get("start") or "1")
        self.listed(entries, (int(start) if start.isdecimal() else 1) if tag_of(element) == "ol" else None)

    def figure(self, element: Element) -> None:
        """Add a figure's caption."""
        self.captioned("", self.flat(element))

    def tabled(self, table: Element, caption: str = "") -> None:
        """Add a table with its caption; one with tables or headings in it lays out the page."""
        if next(descendants(table, "h1", "h2", "h3", "p"), None) is not None and self._is_layout(table):
            self._laid_out(table)
            return
        title = child(table, "caption")
        if title is not None:
            caption = self.captioned("", self.flat(title))
        super().tabled(table, caption)

    def sound(self, grid: Grid) -> bool:
        """Return whether the page marks the header: without that a table may be converted from anything."""
        return grid.marked

    def is_reference(self, element: Element) -> bool:
        """Return whether a link, or one in what is raised, points into a reference list on the same page."""
        links = [element] if tag_of(element) == "a" else children(element, "a")
        return any(re.match(r"#.*(?:ref|cit|bib|cr|b)[\w.-]*\d", str(link.get("href") or ""), re.I) for link in links)

    # --- what is content ---

    def _main(self) -> Element:
        """Return the element that holds the content: a marked one if it holds enough, else the body."""
        body = child(self._root, "body")
        marked = chain(descendants(self._root, "main"), self._with_role("main"), descendants(self._root, "article"))
        whole = self._root if body is None else body
        enough = max(_FEWEST, len(bare_text(whole)) / 3)
        for element in islice(marked, _MOST_MARKED):
            if len(bare_text(element)) >= enough:
                return element
        return whole

    def _with_role(self, role: str) -> Iterator[Element]:
        return (element for element in self._root.iter() if element.get("role") == role)

    def _is_aside(self, element: Element) -> bool:
        if element.get("hidden") is not None or element.get("aria-hidden") == "true" or element.get("role") in _ROLES:
            return True
        if "display:none" in str(element.get("style") or "").replace(" ", ""):
            return True
        if tag_of(element) in ("body", "main", "article", "html", "td", "tr"):
            return False
        names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
        return not tag_of(element).startswith("h") and any(_ASIDE.fullmatch(name) for name in names)

    def _is_layout(self, table: Element) -> bool:
        nested = any(inner is not table for inner in descendants(table, "table"))
        return nested or table.get("role") in ("presentation", "none")

    def _cites(self, element: Element) -> bool:
        return any(re.search(r"ref|bib|cit", str(element.get(name) or ""), re.I) for name in ("class", "id"))

    # --- bibliographic description ---

    def _metadata(self) -> dict[str, object]:
        named: dict[str, list[str]] = {}
        for meta in descendants(self._root, "meta"):
            key = str(meta.get("name") or meta.get("property") or "").lower()
            if value := str(meta.get("content") or "").strip():
                named.setdefault(key, []).append(value)
        found: dict[str, object] = {
            key: next((named[name][0] for name in names if name in named), None) for key, names in _META.items()
        }
        year = re.search(r"(?:19|20)\d\d", str(found["year"] or ""))
        doi = re.search(r"10\.\d{4,9}/\S+", str(found["doi"] or ""))
        title = next((bare_text(heading) for heading in descendants(self._root, "h1")), "")
        page = _TITLE_TAIL.sub("", bare_text(next(descendants(self._root, "title"), None)))
        return {
            **found,
            "title": found["title"] or title or page or None,
            "authors": named.get("citation_author") or named.get("author") or [],
            "year": year.group() if year else None,
            "doi": doi.group() if doi else None,
        }
