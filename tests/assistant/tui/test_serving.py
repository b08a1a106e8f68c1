"""The chat in a browser: who is let in, and a page that needs no other machine."""

from __future__ import annotations

import asyncio
import re

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from assistant.tui.serving import TEMPLATES, TITLE, ChatServer


async def statuses(host: str, *headers: dict[str, str]) -> list[int]:
    """What requests with these headers are answered with by a server that listens on `host`."""
    chat = ChatServer("true", host=host, port=8000, title=TITLE, templates_path=TEMPLATES)
    app = await chat._make_app()
    app.on_startup.clear()
    async with TestServer(app) as server, ClientSession() as client:
        found = []
        for sent in headers:
            async with client.get(server.make_url("/"), headers=sent) as answer:
                found.append(answer.status)
        return found


def test_only_its_own_page_is_let_in() -> None:
    own = {"Host": "127.0.0.1:8000"}
    found = asyncio.run(
        statuses(
            "127.0.0.1",
            own,
            {"Host": "localhost:8000", "Origin": "http://localhost:8000"},
            {"Host": "evil.example:8000"},
            {**own, "Origin": "http://evil.example"},
            {**own, "Origin": "null"},
        )
    )
    assert found == [200, 200, 403, 403, 403]


def test_a_server_for_every_address_still_refuses_other_pages() -> None:
    found = asyncio.run(
        statuses("0.0.0.0", {"Host": "ward:8000"}, {"Host": "ward:8000", "Origin": "http://evil.example"})
    )
    assert found == [200, 403]


@pytest.mark.parametrize("page", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_the_page_asks_nothing_of_any_other_machine(page: object) -> None:
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"(?:https?:)?//[a-z]", text.replace("<!--", "").replace("://", "://"))
    assert "default-src 'self'" in text
