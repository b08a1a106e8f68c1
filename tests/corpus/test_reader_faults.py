"""Files that are broken, hostile or hard to reach: one sentence each, and never a hang, a crash or half a dose."""

from __future__ import annotations

import gzip
import io
import itertools
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import PosologyError, UnreadableFileError
from corpus.passages import passages
from corpus.readers import files, find_files, read_documents
from corpus.readers.limits import time_limit
from tests.corpus import made

BOMB = '<!DOCTYPE article [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
SAMPLES = {
    "jats": made.JATS.encode(),
    "medline": made.MEDLINE.encode(),
    "spl": made.SPL.encode(),
    "html": made.HTML.encode(),
    "csv": made.CSV.encode(),
    "docx": made.docx(),
}


def refusal(folder: Path, data: bytes, name: str = "paper.bin") -> str:
    """Return the sentence with which a file is refused."""
    path = folder / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError) as caught:
        read_documents(path)
    sentence = str(caught.value)
    assert name in sentence and sentence.endswith(".") and "\n" not in sentence
    return sentence


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize("prolog", [BOMB, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(tmp_path: Path, prolog: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{prolog}<article><body><p>&a;&b;&x;</p></body></article>'
    assert "entities" in refusal(tmp_path, text.encode(encoding))


def test_a_word_file_that_declares_entities_is_refused(tmp_path: Path) -> None:
    assert "entities" in refusal(tmp_path, made.docx(prolog=BOMB))


def test_a_word_file_that_expands_beyond_reason_is_refused(tmp_path: Path) -> None:
    assert "expand" in refusal(tmp_path, made.docx(media=b"0" * 50_000_000))


def test_a_word_file_with_a_flipped_byte_is_refused_or_read(tmp_path: Path) -> None:
    sample = made.docx()
    for at in range(0, len(sample), 7):
        check(tmp_path, sample[:at] + bytes([sample[at] ^ 0xFF]) + sample[at + 1 :])


def test_a_word_file_of_countless_parts_is_refused(tmp_path: Path) -> None:
    assert "expand" in refusal(tmp_path, made.docx(**{f"p{n}": b"" for n in range(6_000)}))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (packed(notes=b"Take 5 mg."), "unpack it"),
        (packed(**{"xl/workbook.xml": b"<x/>"}), "as CSV"),
        (gzip.compress(b"Take 5 mg."), "unpack it"),
        (b"\x00" * 257 + b"ustar" + b"\x00" * 300, "unpack it"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "as DOCX"),
        (b"{\\rtf1 Take 5 mg.}", "as DOCX"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "OCR"),
        (b"PK\x03\x04 cut off", "get it again"),
        (made.docx()[:-200], "get it again"),
        (packed(**{"word/document.xml": b"<document/>"}), "save it anew"),
        (made.docx(frame="header"), "save it anew"),
        (made.docx(footnotes=b"<w:footnotes>"), "download it again"),
        (made.JATS.encode()[:900], "download it again"),
        (b'<?xml version="1.0"?><recipe><p>Bake.</p></recipe>', "<recipe>"),
        (b'<?xml version="1.0" encoding="utf-8"?><article><body>5 \xb5g</body></article>', "download it again"),
        (b"<html><body><p>5 \xb5g daily</p></body></html>", "not valid UTF-8"),
        (b"<html><body><nav>Home</nav></body></html>", "no text"),
        (b'<?xml version="1.0"?>' + b"<a>" * 150 + b"</a>" * 150, "nested too deeply"),
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_next_step(tmp_path: Path, data: bytes, says: str) -> None:
    assert says in refusal(tmp_path, data)


def test_a_reference_to_an_entity_that_nothing_declares_is_its_character(tmp_path: Path) -> None:
    path = tmp_path / "greek.xml"
    path.write_text(made.JATS.replace("hardens the skin", "(TNF-&alpha; &zorli;) hardens the skin"))
    (document,) = read_documents(path)
    assert "(TNF-α &zorli;) hardens the skin" in document.text


def test_a_file_that_is_too_large_is_refused_before_all_of_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 1_000_000)
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(UnreadableFileError, match="larger than 1 MB"):
        read_documents(path)


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(UnreadableFileError, match=r"slow\.xml takes longer than 0\.05 s"), time_limit(0.05, "slow.xml"):
        for _ in itertools.count():
            pass


def test_a_text_of_a_million_lines_is_cut_into_bounded_passages(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("and the next patient had none\n\n" * 500_000)
    (document,) = read_documents(path)
    found = passages(document)
    assert max(passage.end - passage.start for passage in found) < 3_000
    assert found[-1].end == len(document.text.rstrip())


def test_an_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "closed.txt"
    path.write_text("Take 5 mg.")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableFileError, match=r"closed\.txt cannot be read \(permission denied\)"):
        read_documents(path)


# --- finding files ---


def test_links_in_a_circle_end_and_every_file_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "paper.txt").write_text("Text.")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "itself").symlink_to(tmp_path / "a" / "itself")
    assert [path.name for path in find_files(tmp_path / "a")] == ["paper.txt"]
    with pytest.raises(UnreadableFileError, match="leads nowhere"):
        list(find_files(tmp_path / "a" / "itself"))


def test_a_pattern_finds_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one.txt", "two.md", "sub/three.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Text.")
    assert [path.name for path in find_files(tmp_path / "*.txt")] == ["one.txt"]
    monkeypatch.chdir(tmp_path)
    assert [str(path) for path in find_files(Path("**/*.txt"))] == ["one.txt", "sub/three.txt"]
    with pytest.raises(UnreadableFileError, match="check the spelling"):
        list(find_files(tmp_path / "*.pdf"))


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableFileError, match="neither a file nor a folder"):
        list(find_files(tmp_path / "pipe"))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_closed_folder_is_named_when_it_is_read(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    (path,) = find_files(tmp_path)
    with pytest.raises(UnreadableFileError, match="permission denied"):
        read_documents(path)


# --- any bytes at all ---


def check(folder: Path, data: bytes) -> None:
    """Any bytes are a document whose offsets are exact, or refused."""
    path = folder / "fuzzed"
    path.write_bytes(data)
    try:
        documents = read_documents(path)
    except PosologyError as error:
        assert "fuzzed" in str(error)
        return
    for document in documents:
        cells = [cell for table in document.tables for row in (table.header, *table.rows) for cell in row.cells]
        assert all(cell.text in document.text[cell.start : cell.end] or "*" in document.text for cell in cells)
        assert all(a.end <= b.start for a, b in itertools.pairwise(document.blocks))
        assert all(a.end == b.start for a, b in itertools.pairwise(document.sections))
        assert all(0 <= p.start < p.end <= len(document.text) for p in passages(document))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_a_document_or_are_refused(tmp_path: Path, data: bytes) -> None:
    check(tmp_path, data)


@pytest.mark.parametrize("form", SAMPLES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_of_any_format_is_a_document_or_is_refused(
    tmp_path: Path, form: str, data: st.DataObject
) -> None:
    sample = SAMPLES[form]
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(len(sample), start + data.draw(st.sampled_from([3, 40, 100_000])))))
    check(tmp_path, sample[:start] + data.draw(st.binary(max_size=8)) + sample[end:])


_TAGS = st.sampled_from(
    "p sec table tr td th thead tbody sup sub xref list list-item title ul li b div h1 fn br".split()
)
_TREES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    lambda inner: st.tuples(_TAGS, st.integers(0, 4), st.lists(inner, max_size=4)),
    max_leaves=25,
)


def written(tree: object) -> str:
    if isinstance(tree, str):
        return tree.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "")
    assert isinstance(tree, tuple)
    tag, span, inner = tree
    spans = f' rowspan="{span}" colspan="{span}" ref-type="bibr"' if span else ""
    return f"<{tag}{spans}>{''.join(map(written, inner))}</{tag}>"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=_TREES)
@pytest.mark.parametrize("frame", ["<article><front/><body>{}</body></article>", "<html><body>{}</body></html>"])
def test_any_tree_of_elements_keeps_its_text(tmp_path: Path, frame: str, tree: object) -> None:
    check(tmp_path, frame.format(written(tree)).encode())
