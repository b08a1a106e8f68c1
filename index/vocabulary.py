"""The vocabulary of one library: the program's own, the user's terms, and the names of its drug labels.

The terms beyond the program's own are kept in the catalogue as they were when last written, so that answering never
reads a YAML file and never meets a half-edited one.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.catalogue import Catalogue
from corpus.errors import VocabularyError
from corpus.terms import load_vocabulary
from corpus.types import Document
from corpus.user_terms import Terms, as_json, from_json, label_terms, read_terms
from corpus.vocabulary_files import TermRecord, compile_vocabulary, source_hash

FOLDER = "vocabulary"
"""The folder of a library's own YAML files."""

VOCABULARY_KEY = "vocabulary"
_OWN_KEY, _LABEL_KEY = "terms", "label terms"


def compiled_vocabulary(catalogue: Catalogue) -> str:
    """Return a library's compiled vocabulary: the copy in its catalogue where that is fresh, else made anew."""
    return catalogue.compiled(VOCABULARY_KEY, _hash(catalogue)) or compile_vocabulary(more=kept_terms(catalogue))


def kept_terms(catalogue: Catalogue) -> Terms:
    """Return the terms beyond the program's own that a library keeps, those of labels that are gone left out."""
    terms: dict[str, list[TermRecord]] = {k: list(v) for k, v in from_json(catalogue.get(_OWN_KEY) or "{}").items()}
    own = {record.id for records in terms.values() for record in records}
    labels = from_json(catalogue.get(_LABEL_KEY) or "{}")
    there = (r for i, records in labels.items() if catalogue.find_id(i) is not None for r in records)
    terms.setdefault("drug", []).extend({r.id: r for r in there if r.id not in own}.values())
    return terms


def read_own_terms(library: Path) -> Terms:
    """Return the terms of the YAML files in a library's folder.

    Raises:
        VocabularyError: one of them is malformed, or does not go together with the program's vocabulary.
    """
    files = sorted(file for file in (library / FOLDER).glob("*.y*ml") if file.is_file())
    return read_terms(files)


def keep_terms(catalogue: Catalogue, own: Terms) -> None:
    """Keep a library's own terms and the vocabulary compiled with them; within a transaction of the caller's."""
    catalogue.set(_OWN_KEY, as_json(own))
    if catalogue.compiled(VOCABULARY_KEY, _hash(catalogue)) is None:
        catalogue.set_compiled(VOCABULARY_KEY, _hash(catalogue), compile_vocabulary(more=kept_terms(catalogue)))


def keep_label_terms(catalogue: Catalogue, documents: Iterable[Document]) -> None:
    """Keep the names that drug labels among the documents bring; within a transaction of the caller's."""
    vocabulary = None
    labels = from_json(catalogue.get(_LABEL_KEY) or "{}")
    before = dict(labels)
    for document in documents:
        if document.source.kind:
            vocabulary = vocabulary or load_vocabulary(compile_vocabulary(more=read_back(catalogue)))
            labels.pop(document.id, None)
            if found := label_terms(document, vocabulary):
                labels[document.id] = found
    if labels != before:
        catalogue.set(_LABEL_KEY, as_json(labels))


def rename_label_terms(catalogue: Catalogue, old: str, new: str) -> None:
    """Keep the names that a drug label brings under the label's new id; within a transaction of the caller's."""
    labels = from_json(catalogue.get(_LABEL_KEY) or "{}")
    if old in labels:
        labels[new] = labels.pop(old)
        catalogue.set(_LABEL_KEY, as_json(labels))


def forget_label_terms(catalogue: Catalogue) -> None:
    """Forget the names of labels that are in the library no more; within a transaction of the caller's."""
    labels = from_json(catalogue.get(_LABEL_KEY) or "{}")
    kept = {i: records for i, records in labels.items() if catalogue.find_id(i) is not None}
    if kept != labels:
        catalogue.set(_LABEL_KEY, as_json(kept))


def read_back(catalogue: Catalogue) -> Terms:
    """Return the user's own terms that a library keeps."""
    return from_json(catalogue.get(_OWN_KEY) or "{}")


def install(files: Sequence[Path], library: Path) -> None:
    """Copy a user's vocabulary files into a library's folder once all of them are known to be sound.

    Raises:
        VocabularyError: one is malformed, or does not go together with the library's other files or the program's own.
    """
    folder = library / FOLDER
    targets = {folder / f"{file.stem}.yaml": file for file in files}
    others = [other for other in sorted(folder.glob("*.y*ml")) if other not in targets]
    compile_vocabulary(more=read_terms([*others, *targets.values()]))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for target, file in targets.items():
            if not (target.exists() and target.samefile(file)):
                shutil.copyfile(file, target)
                target.chmod(0o600)
    except OSError as error:
        raise VocabularyError(f"{folder} cannot be written ({error.strerror}); check its permissions.") from error


def _hash(catalogue: Catalogue) -> str:
    own, terms = source_hash(), kept_terms(catalogue)
    return hashlib.sha256(f"{own}\0{as_json(terms)}".encode()).hexdigest() if any(terms.values()) else own
