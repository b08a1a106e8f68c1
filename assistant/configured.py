"""Whether anything is configured at all, found out without reading it: without settings the defaults hold.

Kept apart from `assistant.settings`, which needs pydantic: the chat's first frame waits for that only if it must.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def settings_file() -> Path:
    """Return where the settings file is looked for."""
    return Path(platformdirs.user_config_dir("posology")) / "settings.toml"


def is_configured() -> bool:
    """Return whether there is a settings file or a setting in the environment."""
    return settings_file().exists() or any(name.startswith("POSOLOGY_") for name in os.environ)
