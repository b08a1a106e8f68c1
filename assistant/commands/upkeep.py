"""`posology verify` and `posology doctor`: whether what is stored is sound, and which command mends what is not."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from assistant.commands.terminal import note, open_session, write
from assistant.condition import Finding, findings
from assistant.contract import Answer, joined
from assistant.ground import Gate
from assistant.render import safe_json
from assistant.session import Session
from corpus.errors import PosologyError, UnreadableFileError, VerificationError
from corpus.text import clean
from index.library import Library, is_library
from index.manifest import checksum

_MOST_ADVICE = 20  # findings of a sort that are printed


def verify(answers: Path | None, path: Path | None) -> None:
    """Check the library, and an answers file if one is named; fail if anything is wrong."""
    with open_session(path).library() as library:
        faults = list(library_faults(library))
        checked = f"{library.manifest.documents} documents, {library.manifest.passages} passages"
        if answers is not None:
            count, wrong = _answers_faults(answers, library)
            checked += f", {count} answers"
            faults += wrong
    for fault in faults:
        write(fault)
    if faults:
        raise VerificationError(f"{len(faults)} things are wrong; run `posology doctor` to see what mends them.")
    write(f"Everything agrees: {checked}.")


def library_faults(library: Library) -> Iterator[str]:
    """Yield a sentence for everything about a library's files and passages that does not agree."""
    manifest = library.manifest
    for name, expected in manifest.checksums.items():
        file = library.path / name
        if not file.is_file() or checksum(file) != expected:
            yield f"{name} is damaged or missing"
    documents, passages = library.catalogue.counts()
    for what, count in (
        ("catalogue", passages),
        ("word index", len(library.lexical)),
        ("vectors", len(library.vectors)),
    ):
        if count != manifest.passages:
            yield f"the {what} holds {count} passages, the manifest says {manifest.passages}"
    if documents != manifest.documents:
        yield f"the catalogue holds {documents} documents, the manifest says {manifest.documents}"
    for entry in library.catalogue.entries(hidden=True):
        text = library.document(entry.id).text
        if hashlib.sha256(text.encode("utf-8")).hexdigest() != entry.sha256:
            yield f"{entry.id}: its text is not what was added"
        for passage in library.catalogue.passages_of(entry.id):
            if not text[passage.start : passage.end].strip():
                yield f"{entry.id}: passage {passage.ordinal} points at nothing"


def _answers_faults(path: Path, library: Library) -> tuple[int, list[str]]:
    faults: list[str] = []
    count = 0
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{path} cannot be read; name a JSON Lines file of answers.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = Answer.model_validate_json(line)
        except ValidationError as error:
            raise UnreadableFileError(
                f"{path}, line {number} is no Answer; name a file that `ask --batch` wrote."
            ) from error
        count += 1
        name = found.id or f"line {number}"
        faults.extend(f"{name}: {fault}" for fault in answer_faults(found, library))
    return count, faults


def answer_faults(found: Answer, library: Library) -> Iterator[str]:
    """Yield what the gate holds against an answer, as read back from a file."""
    if found.answer != joined(found.statements):
        yield "the answer is not its statements"
    citations = [c.model_copy(update={"document_id": library.current_id(c.document_id)}) for c in found.citations]
    yield from _number_faults(found)
    try:
        for item in found.related:
            if library.document(item.document_id).text[item.start : item.end] != item.quote:
                yield "a related passage is not what the document holds there"
        gate = Gate(library, found.question, library.vocabulary)
        for statement in found.statements:
            for fault in gate.faults(statement, citations):
                yield f"{statement.text[:60]!r} {fault}"
    except PosologyError as error:
        yield str(error)


def _number_faults(found: Answer) -> Iterator[str]:
    """Yield what is wrong with the numbers of citations: each stands once, and each is cited."""
    numbers = [citation.number for citation in found.citations]
    if len(numbers) != len(set(numbers)):
        yield "two citations have the same number"
    told = {n for conflict in found.conflicts for n in conflict.citations}
    used = told | {n for statement in found.statements for n in statement.citations}
    for number in sorted(set(numbers) - used):
        yield f"citation {number} is cited nowhere"
    for number in sorted(told - set(numbers)):
        yield f"a conflict cites [{number}], which does not exist"


def doctor(rebuild: bool, path: Path | None, form: Literal["text", "json"] = "text") -> None:
    """Check installation, library and documents one thing at a time; with `rebuild`, make the indexes anew first.

    What is wrong with a document is advice and no failure, but for one that holds nothing.
    """
    session = open_session(path)
    if rebuild:
        with session.writer(any_model=True) as writer, session.bar("Rebuilding the indexes") as progress:
            count = writer.rebuild(progress)
        note(f"rebuilt from the catalogue: {count} passages")
    checks = list(_checked(session))
    found = _findings(session)
    problems = sum(status == "problem" for _, status, _ in checks)
    if form == "json":
        told = {
            "checks": [{"name": name, "status": status, "text": text} for name, status, text in checks],
            "findings": [asdict(finding) for finding in found],
        }
        write(safe_json(json.dumps(told, ensure_ascii=False, indent=2)))
    else:
        for name, status, text in checks:
            write(f"{status:7}  {name}: {text}")
        for line in _advice(found):
            write(clean(line))
    if problems:
        raise VerificationError(
            f"{problems} of {len(checks)} checks found a problem; follow the advice in the lines above."
        )


def _checked(session: Session) -> Iterator[tuple[str, str, str]]:
    """Yield each check with its status and what it found."""
    for name, check in _CHECKS.items():
        try:
            yield name, "ok", check(session)
        except PosologyError as error:
            yield name, "problem", str(error)


def _findings(session: Session) -> list[Finding]:
    """Return what is wrong with the documents; nothing where the library can't be opened, which a check has said."""
    try:
        with session.library() as library:
            return list(findings(library, session.option))
    except PosologyError:
        return []


def _advice(found: Sequence[Finding]) -> Iterator[str]:
    """Yield a line for each finding with the command that mends it, of each sort as many as can be read."""
    for what in dict.fromkeys(finding.what for finding in found):
        of_it = [finding for finding in found if finding.what == what]
        for finding in of_it[:_MOST_ADVICE]:
            yield f"advice   {what}: {finding.document_id}: {finding.text}; mend it with `{finding.command}`"
        if len(of_it) > _MOST_ADVICE:
            yield f"advice   {what}: {len(of_it) - _MOST_ADVICE} more; `posology doctor --json` lists them all"


def _model(session: Session) -> str:
    return f"{session.embedder.name}, {session.embedder.dimensions} dimensions"


def _settings(session: Session) -> str:
    return f"library {session.path}, cache {session.settings.cache}"


def _library(session: Session) -> str:
    with session.library() as library:
        faults = list(library_faults(library))
        if faults:
            raise VerificationError(f"{'; '.join(faults)}; run `posology doctor --rebuild`.")
        return f"{library.manifest.documents} documents, {library.manifest.passages} passages, all sound"


def _documents(session: Session) -> str:
    with session.library() as library:
        empty = [entry.id for entry in library.catalogue.entries() if entry.passages == 0]
    if empty:
        raise VerificationError(
            f"nothing citable in {', '.join(empty)}; look with `posology show` or `posology remove` them."
        )
    return "each has passages"


def _writable(session: Session) -> str:
    if is_library(session.path) and not os.access(session.path, os.W_OK):
        return "no: questions work, adding does not"
    return "yes"


_CHECKS: dict[str, Callable[[Session], str]] = {
    "settings": _settings,
    "model": _model,
    "library": _library,
    "documents": _documents,
    "writable": _writable,
}
