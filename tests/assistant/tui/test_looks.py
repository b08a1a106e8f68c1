"""How the chat looks: one conversation, in three sizes, dark, light and without colour, kept as SVG.

After a change that is meant, `pytest tests/assistant/tui/test_looks.py --snapshot-update` keeps the new looks; look at
them before they are committed.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from assistant.tui.engine import Holding
from tests.assistant.tui.conftest import Reader

Chat = Callable[..., None]
SIZES = {"wide": (140, 40), "narrow": (80, 24), "least": (60, 16)}


class Svg(SingleFileSnapshotExtension):
    """A picture a file."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Svg)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["posology-dark", "posology-light", "none"])
def test_the_chat_looks_as_it_did(
    chat: Chat, picture: SnapshotAssertion, size: str, colours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Holding, "date", "2026-01-02")
    if colours == "none":
        monkeypatch.setenv("NO_COLOR", "1")

    async def session(reader: Reader) -> None:
        await reader.enter("topical ruxolitinib doses")
        await reader.press("escape", "2")
        if size == "least":
            await reader.press("escape")
        assert reader.app.export_screenshot(title="Posology") == picture

    chat(session, size=SIZES[size], theme="posology-dark" if colours == "none" else colours)
