"""The errors a user can meet. Each is one sentence that ends in what to do next, and carries an exit code.

Exit codes are part of the command-line contract: scripts depend on them, so they never change meaning.
"""


class PosologyError(Exception):
    """Base of every expected failure; printed as it is, without a traceback."""

    exit_code = 1


class LibraryError(PosologyError):
    """The library is missing, incomplete, or was made by another format or model."""

    exit_code = 3


class OlderLibraryError(LibraryError):
    """The library was made by an older version and was only to be read."""


class UnknownDocumentError(PosologyError):
    """No document in the library has the id that was asked for."""

    exit_code = 4


class UnreadableFileError(PosologyError):
    """A file cannot become a document: missing, empty, binary, too large or wrongly encoded."""

    exit_code = 5


class LibraryBusyError(PosologyError):
    """Another process is writing to the library."""

    exit_code = 6


class StorageError(PosologyError):
    """The disk is full or the library cannot be written."""

    exit_code = 7


class VerificationError(PosologyError):
    """`verify` found something that does not agree with the stored text."""

    exit_code = 8


class VocabularyError(PosologyError):
    """A bundled vocabulary file is malformed."""

    exit_code = 9


class MissingOcrError(PosologyError):
    """Tesseract, or a language that it should read, is not installed."""

    exit_code = 10
