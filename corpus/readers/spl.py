"""Structured Product Labeling, the XML of US drug labels → structure: sections named by their LOINC codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from corpus.readers.composer import Composer
from corpus.readers.flow import Element, Flow
from corpus.readers.parsed import bare_text, child, children, descendants, tag_of
from corpus.readers.structure import Structure
from corpus.text import one_line, words
from corpus.vocabulary_files import load_yaml

_SECTIONS = Path(__file__).parent / "label_sections.yaml"
_PREAMBLE = re.compile(
    r"these highlights do not include|see full prescribing information|initial u\.?s\.? approval", re.I
)


def read_spl(root: Element) -> list[Structure]:
    """Return the structure of a drug label."""
    return [_Label(root).read()]


class _Label(Flow):
    skipped: ClassVar[frozenset[str]] = frozenset({"renderMultiMedia", "footnoteRef"})
    blocks: ClassVar[Mapping[str, str]] = {
        "paragraph": "paragraph",
        "caption": "walk",
        "footnote": "walk",
        "list": "list_",
        "table": "tabled",
    }

    def __init__(self, root: Element) -> None:
        super().__init__(Composer())
        self._root = root
        self._names: dict[str, str] = load_yaml(_SECTIONS)

    def read(self) -> Structure:
        """Return the label's structure."""
        self.composer.metadata = self._metadata()
        self.composer.heading(1, str(self.composer.metadata["title"]))
        self.level = 2
        for part in children(child(self._root, "component", "structuredBody"), "component"):
            for section in children(part, "section"):
                self._section(section, "")
        return self.composer.finish()

    def _section(self, section: Element, above: str) -> None:
        """Add a section; `above` is the name of the one around it, which parts of it need not repeat."""
        code = child(section, "code")
        name = self._names.get(str(code.get("code")) if code is not None else "", "")
        heading = self._heading(section, "" if name == above else name)
        self.composer.heading(self.level, heading)
        self.level += bool(heading)
        for text in children(section, "text"):
            self.walk(text)
        for substance in children(section, "subject"):
            self._classes(substance)
        for part in children(section, "component"):
            for inner in children(part, "section"):
                self._section(inner, name or above)
        self.level -= bool(heading)

    def _heading(self, section: Element, name: str) -> str:
        """Return the label's own heading, led by the section's name where the heading does not hold its words."""
        title = self.flat(child(section, "title"))
        if not _says_something(section):
            return ""
        if not name or set(words(name).split()) <= set(words(title.replace("&", "and")).split()):
            return title
        return f"{name}: {title}" if title else name

    def _classes(self, subject: Element) -> None:
        """Add the classes of a substance, where the label is an index entry rather than a text."""
        for substance in children(subject, "identifiedSubstance"):
            for kind in descendants(substance, "asSpecializedKind"):
                name = next((str(code.get("displayName") or "") for code in descendants(kind, "code")), "")
                self.composer.item(f"{bare_text(next(descendants(substance, 'name'), None))}: {name}" if name else "")

    def list_(self, element: Element) -> None:
        """Add a list with its caption."""
        self.composer.paragraph(self.flat(child(element, "caption")))
        self.listed(list(children(element, "item")), 1 if element.get("listType") == "ordered" else None)

    def tabled(self, table: Element, caption: str = "") -> None:
        """Add a table with its caption; a table of one cell is a box around text."""
        title = child(table, "caption")
        if title is not None and not caption:
            caption = self.captioned("", self.flat(title))
            table.remove(title)
        super().tabled(table, caption)

    def _metadata(self) -> dict[str, object]:
        product = next(
            (p for p in descendants(self._root, "manufacturedProduct") if child(p, "name") is not None), None
        )
        name = bare_text(child(product, "name"))
        generic = bare_text(child(product, "asEntityWithGeneric", "genericMedicine", "name"))
        date = child(self._root, "effectiveTime")
        setid = child(self._root, "setId")
        address = setid.get("root") if setid is not None else None
        owner = child(self._root, "author", "assignedEntity", "representedOrganization", "name")
        fallback = f"{name} ({generic.lower()})" if generic and generic.lower() != name.lower() else name
        return {
            "title": self._title() or fallback or "Drug label",
            "authors": [bare_text(owner)] if owner is not None else [],
            "year": str(date.get("value") or "")[:4] if date is not None else None,
            "url": f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={address}" if address else None,
            "kind": "drug label",
        }

    def _title(self) -> str:
        """Return the line of the title that names the product: the others are the same in every label."""
        title = child(self._root, "title")
        if title is None:
            return ""
        lines = [title.text or ""]
        for part in title:
            if tag_of(part) == "br":
                lines.append("")
            else:
                lines[-1] += bare_text(part)
            lines[-1] += part.tail or ""
        return next((one_line(line) for line in lines if line.strip() and not _PREAMBLE.search(line)), "")


def _says_something(section: Element) -> bool:
    """Return whether a section or one inside it has a text; highlights, which only repeat it, don't count."""
    inner = (part for component in children(section, "component") for part in children(component, "section"))
    own = (*children(section, "text"), *descendants(section, "identifiedSubstance"))
    return any(bare_text(part) for part in own) or any(_says_something(part) for part in inner)
