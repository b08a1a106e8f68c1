"""PubMed's XML (MEDLINE) → structures: one document for each record in the file, with its abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.readers.composer import Composer
from corpus.readers.flow import Element, Flow
from corpus.readers.parsed import bare_text, child, children, descendants, tag_of
from corpus.readers.structure import Structure
from corpus.text import one_line

_RECORDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
_COMMON = ("journal article", "research support", "english abstract", "multicenter study", "comparative study")


def read_medline(root: Element) -> list[Structure]:
    """Return the structure of each record of a file; ones without an abstract hold their title alone."""
    records = [root] if tag_of(root) in _RECORDS else [part for part in root if tag_of(part) in _RECORDS]
    return [_Record(record).read() for record in records]


class _Record(Flow):
    def __init__(self, record: Element) -> None:
        super().__init__(Composer())
        self._citation = record if tag_of(record) == "MedlineCitation" else next(iter(record), record)
        article = child(self._citation, "Article")
        self._article = self._citation if article is None else article
        self._record = record

    def read(self) -> Structure:
        """Return the record's structure."""
        self.composer.metadata = self._metadata()
        title = str(self.composer.metadata["title"])
        self.composer.heading(1, title)
        self.composer.paragraph("" if child(self._article, "Abstract") is not None else title)
        for abstract in children(self._article, "Abstract"):
            self.composer.heading(2, "Abstract")
            for part in children(abstract, "AbstractText"):
                self.composer.heading(3, one_line(part.get("Label") or "").capitalize())
                self.composer.paragraph(self.flat(part))
        return self.composer.finish()

    def _metadata(self) -> dict[str, object]:
        pmid = bare_text(child(self._citation, "PMID"))
        title = self.flat(child(self._article, "ArticleTitle")) or self.flat(child(self._article, "BookTitle"))
        return {
            "title": title.strip("[]").rstrip(".") or "Untitled record",
            "authors": list(self._authors()),
            "year": self._year(),
            "journal": bare_text(child(self._article, "Journal", "Title")) or None,
            "doi": self._doi(),
            "pmid": pmid or None,
            "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdecimal() else None,
            "kind": self._kind(),
            "types": self._types(),
        }

    def _authors(self) -> Iterator[str]:
        for author in children(child(self._article, "AuthorList"), "Author"):
            first = bare_text(child(author, "ForeName")) or bare_text(child(author, "Initials"))
            name = one_line(f"{first} {bare_text(child(author, 'LastName'))}")
            yield name or bare_text(child(author, "CollectiveName"))

    def _year(self) -> str | None:
        date = child(self._article, "Journal", "JournalIssue", "PubDate")
        found = re.search(r"(?:19|20)\d\d", bare_text(child(date, "Year")) or bare_text(child(date, "MedlineDate")))
        return found.group() if found else bare_text(child(self._article, "ArticleDate", "Year")) or None

    def _doi(self) -> str | None:
        for place in children(self._article, "ELocationID"):
            if place.get("EIdType") == "doi":
                return bare_text(place)
        data = child(self._record, "PubmedData", "ArticleIdList")
        return next((bare_text(i) for i in children(data, "ArticleId") if i.get("IdType") == "doi"), None)

    def _kind(self) -> str | None:
        """Return the publication type that says most: "randomized controlled trial" rather than "journal article"."""
        kinds = self._publication_types()
        telling = [kind for kind in kinds if not kind.startswith(_COMMON)]
        best = [kind for kind in telling if "trial" in kind or "review" in kind or "report" in kind]
        return next(iter([*sorted(best, key=lambda kind: "randomi" not in kind), *telling, *kinds]), None)

    def _publication_types(self) -> list[str]:
        return [bare_text(kind).lower() for kind in descendants(self._article, "PublicationType")]

    def _types(self) -> list[str]:
        """Return all publication types; "animals" for a study of animals without people, as its headings tell."""
        headings = {bare_text(name) for name in descendants(self._citation, "DescriptorName")}
        animals = ["animals"] if "Animals" in headings and "Humans" not in headings else []
        return [*self._publication_types(), *animals]
