"""Words in tantivy: BM25 over section, title and text, with English stemming.

The index keeps no text, only passage ids: what is found is read from the catalogue, which also decides what
still exists. Queries are built from analysed words, never parsed, so no operator in a question means anything.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from corpus.errors import LibraryError

_ANALYSER = "english"
_FIELD_BOOSTS = {"body": 1.0, "section": 0.5, "title": 0.25}
_WRITER_MEMORY = 64_000_000  # bytes
_MOST_QUERY_WORDS = 64  # distinct words of a question; what comes after them adds time, not meaning


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What is indexed of a passage."""

    id: int
    document_id: str
    title: str
    section: str
    body: str


class LexicalIndex:
    """The tantivy index in one folder."""

    def __init__(self, folder: Path, hidden: Sequence[int] = ()) -> None:
        self._folder = folder
        self._analyser = _analyser()
        try:
            self._index = _opened(folder)
        except BaseException as error:
            if not isinstance(error, ValueError) and type(error).__name__ != "PanicException":
                raise
            raise LibraryError(
                f"The word index in {folder} is missing or damaged; run `posology doctor --rebuild` to make it anew."
            ) from error
        self._index.register_tokenizer(_ANALYSER, self._analyser)
        self._hidden = tantivy.Query.term_set_query(self._index.schema, "id", list(hidden)) if hidden else None

    @classmethod
    def create(cls, folder: Path) -> LexicalIndex:
        """Return the index in `folder`, made empty if there is none."""
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "meta.json").is_file():
            tantivy.Index(_schema(), path=str(folder))
        return cls(folder)

    def words(self, text: str) -> list[str]:
        """Return the words of `text` as they are indexed: lower case, without accents, stemmed."""
        return list(self._analyser.analyze(text))

    def change(self, removed: Iterable[int], added: Iterable[LexicalEntry]) -> None:
        """Remove and add passages in one tantivy commit."""
        writer = self._index.writer(_WRITER_MEMORY, 1)
        try:
            if gone := list(removed):
                writer.delete_documents_by_query(tantivy.Query.term_set_query(self._index.schema, "id", gone))
            for entry in added:
                writer.add_document(_tantivy_document(entry))
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()

    def keep(self, first: int, last: int) -> None:
        """Remove every passage but those with ids from `first` to `last`."""
        schema, query = self._index.schema, tantivy.Query
        kept = query.range_query(schema, "id", tantivy.FieldType.Unsigned, first, last)
        others = [(tantivy.Occur.Must, query.all_query()), (tantivy.Occur.MustNot, kept)]
        writer = self._index.writer(_WRITER_MEMORY, 1)
        writer.delete_documents_by_query(query.boolean_query(others))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def clear(self) -> None:
        """Remove everything."""
        writer = self._index.writer(_WRITER_MEMORY, 1)
        writer.delete_all_documents()
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def __len__(self) -> int:
        """Return how many passages there are, hidden ones left out."""
        searcher = self._index.searcher()
        if self._hidden is None:
            return int(searcher.num_docs)
        shown = searcher.search(self._shown(tantivy.Query.all_query()), limit=1, count=True)
        return int(shown.count or 0)  # type: ignore[attr-defined]

    def document_frequency(self, word: str) -> int:
        """Return in how many passages an analysed word stands in the text or section title."""
        searcher = self._index.searcher()
        queries = (tantivy.Query.term_query(self._index.schema, field, word) for field in ("body", "section"))
        found = (searcher.search(self._shown(query), limit=1, count=True) for query in queries)
        return max(int(result.count or 0) for result in found)  # type: ignore[attr-defined]

    def _shown(self, query: tantivy.Query) -> tantivy.Query:
        if self._hidden is None:
            return query
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, self._hidden)])

    def search(
        self,
        words: Sequence[tuple[str, float]],
        k: int,
        documents: Sequence[str] | None = None,
        ids: Sequence[int] | None = None,
    ) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25) pairs for weighted analysed words, best first.

        With `documents`, only passages of those documents are considered; with `ids`, only those passages.
        """
        clauses = [(tantivy.Occur.Should, query) for query in self._word_queries(words)]
        if not clauses or k <= 0:
            return []
        query = tantivy.Query.boolean_query(clauses)
        for field, wanted in (("document", documents), ("id", ids)):
            if wanted is not None:
                only = tantivy.Query.term_set_query(self._index.schema, field, list(wanted))
                silent = tantivy.Query.const_score_query(only, 0.0)
                query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, silent)])
        searcher = self._index.searcher()
        hits = searcher.search(self._shown(query), limit=k, count=False).hits
        found = searcher.fast_field_values("id", [address for _, address in hits])
        return [(int(i or 0), float(score)) for i, (score, _) in zip(found, hits, strict=True)]

    def _word_queries(self, words: Sequence[tuple[str, float]]) -> Iterator[tantivy.Query]:
        for word, weight in list(dict(words).items())[:_MOST_QUERY_WORDS]:
            for field, boost in _FIELD_BOOSTS.items():
                term = tantivy.Query.term_query(self._index.schema, field, word)
                yield tantivy.Query.boost_query(term, boost * weight)


def _opened(folder: Path) -> tantivy.Index:
    try:
        index = tantivy.Index.open(str(folder))
        index.config_reader(reload_policy="manual")
        index.reload()
        return index
    except ValueError as error:
        if "Permission denied" not in str(error):
            raise
        # tantivy wants to lock even for reading; a folder that can't be written is opened through links to its files
        with tempfile.TemporaryDirectory() as links:
            for file in folder.iterdir():
                if not file.name.endswith(".lock"):
                    (Path(links) / file.name).symlink_to(file.resolve())
            index = tantivy.Index.open(links)
            index.config_reader(reload_policy="manual")
            index.reload()
            index.searcher()
            return index


def _tantivy_document(entry: LexicalEntry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("id", entry.id)
    document.add_text("document", entry.document_id)
    for field in _FIELD_BOOSTS:
        document.add_text(field, getattr(entry, field))
    return document


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    for field in _FIELD_BOOSTS:
        builder.add_text_field(field, tokenizer_name=_ANALYSER, index_option="freq")
    return builder.build()


def _analyser() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("English"),
    ):
        builder = builder.filter(step)
    return builder.build()
