"""What a user can set: by environment variable (POSOLOGY_…) or in settings.toml. Unknown keys are errors."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.configured import settings_file
from corpus.errors import PosologyError
from index.model_export import DEFAULT_MODEL


class SettingsError(PosologyError):
    """A setting is unknown or has a wrong value."""

    exit_code = 2


def _data() -> Path:
    return Path(platformdirs.user_data_dir("posology"))


class Settings(BaseSettings):
    """All settings with their defaults. Command-line options come before these."""

    model_config = SettingsConfigDict(env_prefix="POSOLOGY_", extra="forbid", frozen=True, env_ignore_empty=True)

    library: Path = Field(default_factory=lambda: _data() / "library")
    model: str = DEFAULT_MODEL
    cache: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("posology")))
    runs: Path = Field(default_factory=lambda: _data() / "runs")
    conversations: Path = Field(default_factory=lambda: _data() / "conversations" / "conversations.sqlite")
    threads: int = 0
    theme: str = "posology-dark"
    keys: dict[str, str] = {}

    @field_validator("library", "cache", "runs", "conversations")
    @classmethod
    def _from_home(cls, path: Path) -> Path:
        return path.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then the settings file; no .env and no secrets folder."""
        toml = TomlConfigSettingsSource(settings_cls, settings_file())
        return init_settings, env_settings, toml


def load_settings() -> Settings:
    """Return the settings.

    Raises:
        SettingsError: a key is unknown or a value is of the wrong kind.
    """
    known = {f"POSOLOGY_{name}".upper() for name in Settings.model_fields} | {"POSOLOGY_DEBUG"}
    for name in os.environ:
        if name.startswith("POSOLOGY_") and name not in known:
            raise SettingsError(f"There is no setting {name}; those are {', '.join(sorted(known))}.")
    try:
        return Settings()
    except (ValidationError, ValueError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        key = ".".join(str(part) for part in first["loc"]) or "settings.toml"
        raise SettingsError(
            f"The setting {key!r} is not valid ({first['msg']}); correct it in {settings_file()} or in POSOLOGY_*."
        ) from error
