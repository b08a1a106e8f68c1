"""Paths as people type them: what a beginning may become, and where a file may be written without losing another."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

MOST = 50


def completions(typed: str) -> tuple[str, ...]:
    """Return the files and folders that begin with what was typed, folders with a slash at the end."""
    folder, _, name = typed.rpartition("/")
    where = expanded(f"{folder}/" if "/" in typed else ".")
    try:
        found = sorted(where.iterdir(), key=lambda path: path.name.casefold())
    except OSError:
        return ()
    lead = f"{folder}/" if "/" in typed else ""
    hidden = name.startswith(".")
    fits = (p for p in found if p.name.startswith(name) and (hidden or not p.name.startswith(".")))
    return tuple(f"{lead}{path.name}{'/' if path.is_dir() else ''}" for path in fits)[:MOST]


def expanded(typed: str) -> Path:
    """Return the path that was typed, `~` made the home folder where there is such a user."""
    try:
        return Path(typed).expanduser()
    except RuntimeError:
        return Path(typed)


def free_path(folder: Path, title: str, suffix: str) -> Path:
    """Return a path in `folder` named after a title that no file has yet."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-") or "conversation"
    path, number = folder / f"{name}{suffix}", 2
    while path.exists():
        path, number = folder / f"{name}-{number}{suffix}", number + 1
    return path
