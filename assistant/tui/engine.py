"""The library behind the screen: one thread opens it, answers and reads from it; the screen only ever awaits.

SQLite connections belong to the thread that opened them, so everything that touches the library runs on this one.
What loads slowly is imported there too: the first frame waits for none of it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from corpus.errors import PosologyError

if TYPE_CHECKING:
    from assistant.contract import Answer
    from assistant.conversation import Conversation
    from assistant.retrieved import Retrieved
    from assistant.session import Session
    from corpus.catalogue import Entry
    from corpus.types import Document
    from index.library import Library

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Holding:
    """What the open library holds: its documents, its number of passages, and the names of its vocabulary's ids.

    `originals` are the ids of the originals by those of the digests that describe them.
    """

    path: Path
    documents: tuple[Entry, ...] = ()
    passages: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict)

    @property
    def date(self) -> str:
        """Return the day of the last addition as YYYY-MM-DD; "" for an empty library."""
        return max((entry.added_at for entry in self.documents), default="")[:10]


class Engine:
    """One library, reached from the screen's event loop; every method runs on the library's own thread."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="library")
        self._session: Session | None = None
        self._library: Library | None = None

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def is_due(self) -> bool:
        """Return whether work comes first that takes its time: the bundled library, or the export of the model."""

        def work() -> bool:
            from assistant.session import Session

            session = Session(self._path)
            return session.bundle_is_due or session.model_is_due

        return await self._run(work)

    async def open(self) -> Holding:
        """Open the library, or open it anew after it has changed, and return what it holds.

        Raises:
            PosologyError: there is none, or it can't be opened; an open one stays open.
        """
        return await self._run(self._open)

    async def ask(self, question: str, conversation: Conversation, documents: tuple[str, ...] | None) -> Answer:
        """Return the answer; `documents` are the only ones that may be used, None means all."""

        def work() -> Answer:
            from assistant.answer import answer

            return answer(question, self._held(), conversation, documents=documents)

        return await self._run(work)

    async def document(self, identity: str) -> Document:
        """Return a document.

        Raises:
            UnknownDocumentError: the library holds none of that id (any more).
        """
        return await self._run(lambda: self._held().document(identity))

    async def retrieved(self, question: str, documents: tuple[str, ...] | None) -> tuple[Retrieved, ...]:
        """Return the passages that a question finds, best first, each with its scores."""

        def work() -> tuple[Retrieved, ...]:
            from assistant.retrieved import retrieved

            return retrieved(question, self._held(), documents)

        return await self._run(work)

    async def suggestions(self, answer: Answer | None) -> tuple[str, ...]:
        """Return questions that may be worth asking next; which of them are answered is for `is_answered` to say."""

        def work() -> tuple[str, ...]:
            from assistant.suggestions import candidates

            return candidates(answer, self._held())

        return await self._run(work)

    async def is_answered(self, question: str, documents: tuple[str, ...] | None) -> bool:
        """Return whether the library answers a question that is asked on its own."""

        def work() -> bool:
            from assistant.answer import answer

            return answer(question, self._held(), documents=documents).status == "answered"

        return await self._run(work)

    async def faults(self) -> tuple[str, ...]:
        """Return a sentence for everything about the library's files that does not agree."""

        def work() -> tuple[str, ...]:
            from assistant.commands.upkeep import library_faults

            return tuple(library_faults(self._held()))

        return await self._run(work)

    async def close(self) -> None:
        """Close the library; what has not begun yet is dropped."""
        if self._library is not None:
            await self._run(self._close)
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _open(self) -> Holding:
        from assistant.session import Session
        from assistant.settings import load_settings
        from index.embedder import load_embedder
        from index.library import Library

        if self._session is None:
            settings = load_settings()
            threads = settings.threads or max((os.cpu_count() or 2) - 1, 1)  # one core is left to the screen
            embedder = load_embedder(settings.model, settings.cache, threads)
            self._session = Session(self._path, embedder=embedder)
        opened = Library.open(self._session.path, self._session.embedder)
        if self._library is not None:
            self._library.close()
        self._library = opened
        entries = tuple(opened.catalogue.entries())
        names = {identity: term.name for identity, term in opened.vocabulary.terms.items()}
        return Holding(opened.path, entries, opened.manifest.passages, names, opened.editions.originals())

    def _close(self) -> None:
        """Close the library; what was removed while this reader held it is overwritten now."""
        assert self._library is not None and self._session is not None
        owes_scrub = self._library.catalogue.scrubbing.is_owed
        self._library.close()
        if owes_scrub:
            with suppress(PosologyError), self._session.writer():
                pass

    def _held(self) -> Library:
        assert self._library is not None, "questions are taken from the keyboard only once the library is open"
        return self._library
