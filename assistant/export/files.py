"""Writing an export to a file: nothing is overwritten unasked, and only the owner may read it."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.errors import PosologyError, UnreadableFileError


class FileExistsAlreadyError(PosologyError):
    """The file to be written is there already."""

    exit_code = 2


def write_file(path: Path, text: str, *, force: bool = False) -> None:
    """Write a text and a line end to a new file, or with `force` in place of one; a failure leaves what was there.

    Raises:
        FileExistsAlreadyError: there is such a file, and no `force`.
        UnreadableFileError: it cannot be written.
    """
    target = path.with_name(f".{path.name}.part") if force else path
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        descriptor = os.open(target, flags, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text + "\n")
            if force:
                target.replace(path)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    except FileExistsError as error:
        raise FileExistsAlreadyError(
            f"{path} is there already and was left as it is; name another file, or replace it with --force."
        ) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UnreadableFileError(f"{path} cannot be written ({why}); name another file.") from error
