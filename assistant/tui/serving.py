"""The chat in a browser: textual-serve, with a page that asks nothing of any other machine.

Another website that is open in the same browser could talk to a server on this machine. It is turned away: only
requests that were addressed to this server by its own name, and sockets opened by its own page, get an answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

TITLE = "Posology"
TEMPLATES = Path(__file__).parent / "templates"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ChatServer(Server):
    """Serves the chat; each visitor gets a process of it."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self.own_visitors_only)
        return app

    @web.middleware
    async def own_visitors_only(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse a request that names another host, or comes from a page of another origin."""
        origin = request.headers.get("Origin")
        if not self.is_own(request.host) or (origin is not None and urlsplit(origin).netloc != request.host):
            raise web.HTTPForbidden(text="This chat answers only to its own page.")
        return await handler(request)

    def is_own(self, host: str) -> bool:
        """Return whether a Host header names this server."""
        name = urlsplit(f"//{host}").hostname
        if self.host in _EVERY_ADDRESS:
            return True
        return name == self.host or (self.host in _LOOPBACK and name in _LOOPBACK)


def serve_chat(command: str, host: str, port: int) -> None:
    """Serve `command`, a terminal program, until it is interrupted."""
    ChatServer(command, host=host, port=port, title=TITLE, templates_path=TEMPLATES).serve()
