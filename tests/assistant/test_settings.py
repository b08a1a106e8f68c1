"""What a user can set, where it comes from, and what is said of a setting that makes no sense."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.session import Session
from assistant.settings import SettingsError, load_settings, settings_file
from corpus.errors import LibraryError
from index.embedder import Embedder
from index.model_export import DEFAULT_MODEL


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty configuration folder and no POSOLOGY_ variable; return the settings file's path."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in os.environ:
        if name.startswith("POSOLOGY_"):
            monkeypatch.delenv(name)
    path = settings_file()
    assert path.is_relative_to(tmp_path)
    path.parent.mkdir(parents=True)
    return path


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert (settings.model, settings.threads) == (DEFAULT_MODEL, 0)
    assert settings.library.is_absolute() and settings.cache.is_absolute()
    assert settings.model_fields_set == set()


def test_the_settings_file_is_read(config: Path) -> None:
    config.write_text('threads = 3\nlibrary = "/srv/library"\n')
    settings = load_settings()
    assert (settings.threads, settings.library) == (3, Path("/srv/library"))


def test_the_environment_comes_before_the_settings_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('threads = 3\nlibrary = "/srv/library"\n')
    monkeypatch.setenv("POSOLOGY_THREADS", "2")
    settings = load_settings()
    assert (settings.threads, settings.library) == (2, Path("/srv/library"))


def test_the_command_line_comes_before_both(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('library = "/srv/library"\n')
    monkeypatch.setenv("POSOLOGY_LIBRARY", "/srv/other")
    assert Session().path == Path("/srv/other")
    assert Session(Path("/srv/third")).path == Path("/srv/third")


def test_settings_do_not_change_while_the_program_runs() -> None:
    with pytest.raises(ValidationError):
        load_settings().threads = 4  # type: ignore[misc]


@pytest.mark.parametrize("key", ["library", "cache"])
def test_a_path_in_the_settings_file_may_begin_with_the_home_folder(
    config: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    config.write_text(f'{key} = "~/posology"\n')
    session = Session()
    found = session.path if key == "library" else session.settings.cache
    assert found == Path("/home/somebody/posology")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('libary = "/srv/library"', "libary"),
        ("threads = 'many'", "threads"),
        ("threads = 1.5", "threads"),
        ("[library]\npath = 'x'", "library"),
        ("threads = = 2", "settings.toml"),
        ("threads = 2\nthreads = 3", "settings.toml"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_with_its_file(config: Path, text: str, key: str) -> None:
    config.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert repr(key) in message and str(config) in message
    assert "\n" not in message and message.endswith(".")
    assert caught.value.exit_code == 2


def test_a_settings_file_that_is_not_text_is_named(config: Path) -> None:
    config.write_bytes(b"library = '\xff\xfe'\n")
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        load_settings()


def test_a_variable_of_the_wrong_kind_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSOLOGY_THREADS", "abc")
    with pytest.raises(SettingsError, match="'threads' is not valid"):
        load_settings()


def test_a_misspelt_variable_is_an_error_like_a_misspelt_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSOLOGY_LIBARY", "/srv/library")
    with pytest.raises(SettingsError, match=r"(?i)libary"):
        load_settings()


def test_other_programs_variables_are_none_of_its_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARY", "/srv/wrong")
    monkeypatch.setenv("THREADS", "99")
    monkeypatch.setenv("POSOLOGYST_LIBRARY", "/srv/wrong")
    assert load_settings().model_fields_set == set()


def test_no_dotenv_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("POSOLOGY_THREADS=7\nTHREADS=7\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings().threads == 0


def test_a_library_that_was_named_is_never_made_by_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_embedder: Embedder
) -> None:
    missing = tmp_path / "missing"
    monkeypatch.setenv("POSOLOGY_LIBRARY", str(missing))
    with pytest.raises(LibraryError, match="posology add"), Session().library():
        pass
    assert not missing.exists()
