"""JATS, the XML of PubMed Central and of most publishers → structure: an article with its tables and references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from corpus.readers.composer import Composer
from corpus.readers.flow import Element, Flow
from corpus.readers.formulas import formula_text
from corpus.readers.parsed import bare_text, child, children, descendants, tag_of
from corpus.readers.structure import Structure
from corpus.text import one_line

_DATES = ("ppub", "collection", "pub", "epub", "epub-ppub", "epreprint")  # the year that a citation gives comes first
_NOT_ABSTRACT = frozenset({"graphical", "toc", "teaser", "key-points", "video", "transmission"})


def read_jats(root: Element) -> list[Structure]:
    """Return the structure of each article below `root`, in order."""
    articles = [root] if tag_of(root) == "article" else list(descendants(root, "article"))
    return [_Article(article).read() for article in articles]


class _Article(Flow):
    skipped: ClassVar[frozenset[str]] = frozenset(
        "graphic inline-graphic media object-id permissions alt-text long-desc email contrib-id label title "
        "caption supplementary-material inline-supplementary-material processing-meta".split()
    )
    blocks: ClassVar[Mapping[str, str]] = {
        "p": "paragraph",
        **dict.fromkeys(["disp-quote", "statement", "verse-group", "speech", "attrib"], "walk"),
        **dict.fromkeys(["fn", "table-wrap-group", "fig-group", "floats-group", "app-group"], "walk"),
        **dict.fromkeys(["sec", "ack", "app", "glossary", "notes", "fn-group"], "section"),
        **dict.fromkeys(["list", "def-list"], "list_"),
        "fig": "figure",
        "boxed-text": "boxed",
        "table-wrap": "table_wrap",
        "disp-formula": "formula",
        "ref-list": "references",
    }

    def __init__(self, article: Element) -> None:
        super().__init__(Composer())
        self._article = article
        self._meta = child(article, "front", "article-meta")
        if self._meta is None:
            self._meta = child(article, "front-stub")

    def read(self) -> Structure:
        """Return the article's structure."""
        self.composer.metadata = self._metadata()
        self.composer.heading(1, str(self.composer.metadata["title"]))
        self.level = 2
        for abstract in children(self._meta, "abstract"):
            if abstract.get("abstract-type") not in _NOT_ABSTRACT:
                self._part(abstract, "Abstract")
        for part in children(self._article, "body"):
            self.walk(part)
        for part in children(self._article, "floats-group"):
            self.composer.heading(2, "Figures and tables")
            self.walk(part)
        for part in children(self._article, "back"):
            self.walk(part)
        return self.composer.finish()

    # --- blocks ---

    def section(self, element: Element) -> None:
        """Add a section with its heading; without one its text belongs to the section around it."""
        defaults = {"ack": "Acknowledgements", "app": "Appendix", "glossary": "Abbreviations", "fn-group": "Notes"}
        self._part(element, defaults.get(tag_of(element), ""))

    def _part(self, element: Element, default: str) -> None:
        number, title = self.flat(child(element, "label")), self.flat(child(element, "title")) or default
        if title and number and not title.startswith(number):
            title = f"{number} {title}"
        self.flush()
        if title:
            self.composer.heading(self.level, title)
            self.level += 1
        self.walk(element)
        if title:
            self.level -= 1

    def list_(self, element: Element) -> None:
        """Add a list or a list of abbreviations."""
        self.composer.paragraph(self.flat(child(element, "title")))
        for entry in children(element, "def-item"):
            term, meaning = self.flat(child(entry, "term")), self.flat(child(entry, "def"))
            self.composer.item(f"{term}: {meaning}")
        self.listed(list(children(element, "list-item")), 1 if element.get("list-type") == "order" else None)

    def figure(self, element: Element) -> None:
        """Add a figure's caption."""
        self._caption(element)

    def boxed(self, element: Element) -> None:
        """Add a box: its caption, then what it holds."""
        self._caption(element)
        self.walk(element)

    def _caption(self, element: Element) -> str:
        caption = child(element, "caption")
        title = self.flat(child(caption, "title"))
        text = " ".join(self.flat(p) for p in children(caption, "p"))
        if title and title[-1] not in ".?!":
            title += "." if text else ""
        return self.captioned(self.flat(child(element, "label")), f"{title} {text}".strip())

    def table_wrap(self, element: Element) -> None:
        """Add a table with its caption and notes; one that is only a picture leaves its caption."""
        caption = self._caption(element)
        for table in descendants(element, "table"):
            if not any(tag_of(above) in ("td", "th") for above in table.iterancestors("{*}td", "{*}th")):
                self.tabled(table, caption)
        for foot in children(element, "table-wrap-foot"):
            self._notes(foot)

    def _notes(self, foot: Element) -> None:
        for note in children(foot, "fn", "p", "attrib"):
            label, text = self.flat(child(note, "label")), self.flat(note)
            self.composer.paragraph(f"{label} {text}" if label else text)

    def formula(self, element: Element) -> None:
        """Add a formula of its own line."""
        self.composer.paragraph(formula_text(element))

    def references(self, element: Element) -> None:
        """Add the reference list under a heading that says what it is."""
        self.flush()
        self.composer.heading(self.level, "References")
        for ref in descendants(element, "ref"):
            mark = self.flat(child(ref, "label")).strip("[]().") or "-"
            citations = list(children(ref, "mixed-citation", "element-citation", "citation", "nlm-citation"))
            citations += descendants(ref, "mixed-citation", "element-citation") if not citations else []
            text = "; ".join(_cited(citation) for citation in citations) or bare_text(ref)
            self.composer.item(text, mark if mark == "-" else f"{mark}.")

    def _take(self, child: Element) -> None:
        if tag_of(child) in ("inline-formula", "tex-math", "math"):
            self._text.append(formula_text(child))
            return
        super()._take(child)

    def is_reference(self, element: Element) -> bool:
        """Return whether a link, or one in what is raised, points into the reference list."""
        links = [element] if tag_of(element) == "xref" else children(element, "xref")
        return any(link.get("ref-type") == "bibr" for link in links)

    def is_footnote(self, element: Element) -> bool:
        """Return whether a link, or one in what is raised, points at a note of a table."""
        links = [element] if tag_of(element) == "xref" else children(element, "xref")
        return any(link.get("ref-type") in ("table-fn", "fn") for link in links)

    # --- bibliographic description ---

    def _metadata(self) -> dict[str, object]:
        front = child(self._article, "front")
        ids = {key.get("pub-id-type"): bare_text(key) for key in children(self._meta, "article-id")}
        pmc = re.sub(r"\D", "", ids.get("pmc") or ids.get("pmcid") or "")
        group = child(self._meta, "title-group")
        title = self.flat(child(group, "article-title"))
        if subtitle := self.flat(child(group, "subtitle")):
            title = f"{title.rstrip(':')}: {subtitle}"
        return {
            "title": re.sub(r"<sup>.*?</sup>", "", title) or "Untitled article",
            "authors": list(self._authors()),
            "year": self._year(),
            "journal": bare_text(child(front, "journal-meta", "journal-title-group", "journal-title"))
            or bare_text(child(front, "journal-meta", "journal-title")),
            "doi": ids.get("doi"),
            "pmid": ids.get("pmid"),
            "url": f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{pmc}/" if pmc else None,
            "kind": (self._article.get("article-type") or "").replace("-", " ") or None,
            "types": list(self._types()),
        }

    def _types(self) -> Iterator[str]:
        """Yield what the article is filed under: its type, and the headings that its journal prints it under."""
        yield from filter(None, [(self._article.get("article-type") or "").replace("-", " ")])
        for group in children(child(self._meta, "article-categories"), "subj-group"):
            if group.get("subj-group-type") == "heading":
                yield from filter(None, (bare_text(subject) for subject in children(group, "subject")))

    def _authors(self) -> Iterator[str]:
        for group in children(self._meta, "contrib-group"):
            for contrib in children(group, "contrib"):
                name = child(contrib, "name")
                name = child(contrib, "name-alternatives", "name") if name is None else name
                if contrib.get("contrib-type", "author") != "author":
                    continue
                if name is not None:
                    yield one_line(f"{bare_text(child(name, 'given-names'))} {bare_text(child(name, 'surname'))}")
                elif collaboration := bare_text(child(contrib, "collab")):
                    yield collaboration

    def _year(self) -> str | None:
        years = {
            date.get("pub-type") or date.get("date-type") or date.get("publication-format") or "": bare_text(
                child(date, "year")
            )
            for date in children(self._meta, "pub-date")
        }
        known = [years[kind] for kind in _DATES if years.get(kind)]
        return next(iter([*known, *filter(None, years.values())]), None)


def _cited(citation: Element) -> str:
    """Return a reference as text: as printed where its punctuation is in the file, else put together from its parts."""
    if any((part.tail or "").strip(" \n\t") for part in citation) or not len(citation):
        return one_line("".join(_printed(citation)))
    names = ", ".join(_name(name) for name in descendants(citation, "name", "string-name", "collab"))
    part = {tag: bare_text(child(citation, tag)) for tag in ("article-title", "chapter-title", "source", "year")}
    place = {tag: bare_text(child(citation, tag)) for tag in ("volume", "issue", "fpage", "lpage")}
    pages = "–".join(filter(None, (place["fpage"], place["lpage"])))
    issue = f"({place['issue']})" if place["issue"] else ""
    where = f"{part['year']};{place['volume']}{issue}" + (f":{pages}" if pages else "")
    ids = " ".join(f"{i.get('pub-id-type', '')}:{bare_text(i)}" for i in children(citation, "pub-id"))
    texts = [names, part["article-title"] or part["chapter-title"], part["source"], where.strip(";"), ids]
    return ". ".join(text.rstrip(".") for text in texts if text) + "."


def _printed(element: Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        if tag_of(part) == "name":
            yield _name(part)
        elif tag_of(part) == "pub-id":
            yield f" {part.get('pub-id-type', '')}:{bare_text(part)}"
        else:
            yield from _printed(part)
        yield part.tail or ""


def _name(name: Element) -> str:
    if child(name, "surname") is None:
        return bare_text(name)
    return one_line(f"{bare_text(child(name, 'surname'))} {bare_text(child(name, 'given-names'))}")
