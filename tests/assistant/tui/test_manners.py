"""Help, palette, slash commands, keys of one's own, themes, no colour, and ways out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.command import CommandPalette

from assistant.keeping.store import PrivateStore
from assistant.settings import load_settings
from assistant.tui.actions import ACTIONS, BY_SLASH, KeymapError, bindings, checked_keymap, slash_completions
from assistant.tui.app import PosologyApp
from assistant.tui.dialogs import Notice
from assistant.tui.doing import DOING, WITH_ARGUMENT
from assistant.tui.prompt import Prompt
from assistant.tui.themes import HIGH_CONTRAST, THEMES
from corpus.errors import PosologyError
from tests.assistant.tui.conftest import Reader

Chat = Callable[..., None]
DOSE = "oral tofacitinib dose in alopecia areata?"


def told(reader: Reader) -> str:
    assert isinstance(reader.app.screen, Notice)
    return str(reader.app.screen.query_one("#notice Static").visual)  # type: ignore[attr-defined]


def test_everything_that_can_be_done_is_done_by_something() -> None:
    assert {action.name for action in ACTIONS} == set(DOING)
    assert set(WITH_ARGUMENT) == {action.name for action in ACTIONS if action.takes}


def test_no_key_means_two_things_and_none_is_tab_or_enter() -> None:
    keys = [key for binding in bindings() for key in binding.key.split(",")]
    assert len(keys) == len(set(keys))
    assert not {"ctrl+i", "ctrl+m", "tab", "enter"} & set(keys)
    assert all(binding.id for binding in bindings())


def test_help_is_about_the_pane_in_use_and_lists_every_command(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.press("f1")
        shown = told(reader)
        assert "ctrl+r searches" in shown
        for slash in BY_SLASH:
            assert f"/{slash}" in shown
        await reader.press("escape", "escape", "f1")
        assert "[ and ] choose the answer" in told(reader)
        await reader.press("escape")
        await reader.enter("/help")
        assert "Keys and commands" in told(reader)

    chat(session)


def test_the_palette_offers_what_can_be_done_now(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        offered = [command.title for command in reader.app.get_system_commands(reader.app.screen)]
        assert "Library" in offered and "Quit" in offered and "Theme" in offered
        assert "Export" not in offered and "Why" not in offered and "Stop the work" not in offered
        await reader.enter(DOSE)
        offered = [command.title for command in reader.app.get_system_commands(reader.app.screen)]
        assert "Export" in offered and "Why" in offered
        await reader.press("ctrl+p")
        assert isinstance(reader.app.screen, CommandPalette)
        for key in "help":
            await reader.pilot.press(key)
        await reader.settle()
        await reader.press("enter")
        assert "Keys and commands" in told(reader)

    chat(session)


def test_slash_commands_are_listed_and_completed_while_they_are_typed(chat: Chat, quiet_settings: Path) -> None:
    async def session(reader: Reader) -> None:
        prompt = reader.app.chat.query_one(Prompt)
        await reader.press("slash")
        assert "/library" in reader.text("#completions")
        await reader.press("l", "tab")
        assert prompt.text == "/library"
        prompt.write("/ad")
        await reader.press("tab")
        assert prompt.text == "/add "
        (quiet_settings / "papers of mine").mkdir()
        prompt.write("/add pap")
        await reader.press("tab")
        assert prompt.text == "/add papers of mine/"
        prompt.write("/nonsense")
        await reader.press("enter")
        assert any("There is no command /nonsense" in notice for notice in reader.notices)
        await reader.enter("/why")
        assert any("/why can't be done now" in notice for notice in reader.notices)

    chat(session)


def test_a_slash_begins_a_command_from_anywhere(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.press("escape", "slash", *"help", "enter")
        assert "Keys and commands" in told(reader)

    chat(session)


def test_a_letter_outside_the_prompt_begins_a_question(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        await reader.press("escape", *"see", "space", *"the")
        assert reader.app.chat.query_one(Prompt).text == "see the" and reader.app.chat.query_one(Prompt).has_focus

    chat(session)


def test_keys_pressed_at_once_open_one_dialog(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        for name in ("conversations", "export", "search_history", "export"):
            reader.app.chat.action_do(name)
        await reader.settle()
        assert len(reader.app.screen_stack) == 2
        await reader.press("enter")
        assert not reader.app._exit

    chat(session)


def test_completions_share_their_beginning_with_what_was_typed() -> None:
    assert set(slash_completions("/")) == {f"/{a.slash}{' ' if a.takes else ''}" for a in BY_SLASH.values()}
    assert slash_completions("/HEL") == ("/help",)
    assert slash_completions("/nonsense") == ()


def test_why_shows_how_the_question_was_read_and_the_scores(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        await reader.press("f7")
        shown = told(reader)
        assert "tofacitinib" in shown and "alopecia areata" in shown
        assert "cosine" in shown and "BM25" in shown and "rank 1" in shown

    chat(session)


def test_keys_are_remapped_by_the_settings_file(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.press("f12")
        assert "f12" in told(reader).lower()
        await reader.press("escape", "f1")
        assert not isinstance(reader.app.screen, Notice)

    chat(session, keys={"help": "f12"})


def test_a_key_for_something_unknown_is_an_error_that_names_what_there_is() -> None:
    with pytest.raises(KeymapError, match=r"nothing called 'dance'.*export"):
        checked_keymap({"dance": "f12"})


def test_keys_and_theme_are_read_from_the_settings_file(quiet_settings: Path) -> None:
    file = quiet_settings / "config" / "posology" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text('theme = "posology-light"\n[keys]\nhelp = "f12"\n')
    settings = load_settings()
    assert settings.theme == "posology-light" and settings.keys == {"help": "f12"}


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
def test_every_theme_answers(chat: Chat, theme: str) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        assert reader.app.theme == theme and "5 mg twice daily" in reader.last

    chat(session, theme=theme)


def test_the_high_contrast_theme_has_contrast() -> None:
    shades = {HIGH_CONTRAST.foreground, HIGH_CONTRAST.accent, HIGH_CONTRAST.warning, HIGH_CONTRAST.error}
    assert HIGH_CONTRAST.background == "#000000" and shades <= {"#ffffff", "#ffff00"}


def test_an_unknown_theme_is_an_error_that_names_those_there_are(bundled_path: Path) -> None:
    with pytest.raises(PosologyError, match=r"no theme 'pink'.*posology-high-contrast"):
        PosologyApp(bundled_path, PrivateStore, theme="pink")


def test_without_colour_states_are_still_told_apart(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def session(reader: Reader) -> None:
        await reader.enter("dupilumab dose in psoriasis?")
        svg = reader.app.export_screenshot()
        assert "NOT&#160;IN&#160;THE&#160;LIBRARY" in svg
        colours = {part[:6] for part in svg.split("fill: #")[1:]} - {"c5c8c6"}  # what an SVG has for no colour
        assert len(colours) > 2
        assert all(len({colour[n : n + 2] for n in (0, 2, 4)}) == 1 for colour in colours), colours

    chat(session)


@pytest.mark.parametrize("way", ["ctrl+q", "/quit"])
def test_there_are_several_ways_out(chat: Chat, way: str) -> None:
    left: list[bool] = []

    async def session(reader: Reader) -> None:
        if way.startswith("/"):
            reader.app.chat.query_one(Prompt).write(way)
            await reader.pilot.press("enter")
        else:
            await reader.pilot.press(way)
        await reader.pilot.pause()
        left.append(reader.app._exit)

    chat(session)
    assert left == [True]


def test_a_screenshot_is_saved_as_svg(chat: Chat, quiet_settings: Path) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("/screenshot")

    chat(session)
    (saved,) = quiet_settings.glob("posology-*.svg")
    assert "<svg" in saved.read_text()
