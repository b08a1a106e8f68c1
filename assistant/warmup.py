"""Loading the model while the rest of the program is still being read: half of a cold answer's time, side by side.

Kept apart from `assistant.session` so that it imports next to nothing: it has to be there first.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.settings import load_settings
from index.embedder import Embedder, LazyEmbedder, load_embedder


def warm_embedder(notify: Callable[[str], None]) -> Embedder:
    """Return the embedder that the settings name, its model already being loaded on another thread."""
    settings = load_settings()
    embedder = load_embedder(settings.model, settings.cache, settings.threads, notify)
    if isinstance(embedder, LazyEmbedder):
        embedder.start()
    return embedder
