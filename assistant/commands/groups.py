"""The program's groups of commands, each imported only when it is named: its own, and those of later packages."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperGroup

PLUGINS = "posology.commands"
OWN = (
    EntryPoint("conversations", "assistant.commands.conversations:app", PLUGINS),
    EntryPoint("edit", "assistant.commands.amending:edit", PLUGINS),
    EntryPoint("rename", "assistant.commands.amending:rename", PLUGINS),
)


class Commands(TyperGroup):
    """The program's commands, with its groups; later packages register theirs, so that this one imports none."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return all command names."""
        return [*super().list_commands(ctx), *sorted(point.name for point in (*OWN, *entry_points(group=PLUGINS)))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        for point in (*OWN, *entry_points(group=PLUGINS)):
            if point.name == cmd_name:
                command = typer.main.get_command(point.load())
                command.name = cmd_name
                return command
        return None
