"""The colours: a dark, a light and a high-contrast theme; every meaning has a word or a sign besides."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="posology-dark",
    primary="#5fafd7",
    secondary="#87afaf",
    accent="#5fd7af",
    warning="#ffaf5f",
    error="#ff8787",
    success="#87d787",
    foreground="#e4e4e4",
    background="#16191d",
    surface="#1d2126",
    panel="#262b31",
    dark=True,
)
LIGHT = Theme(
    name="posology-light",
    primary="#005f87",
    secondary="#3a6363",
    accent="#00634d",
    warning="#8a4b00",
    error="#a8071a",
    success="#2f6b1f",
    foreground="#1c1c1c",
    background="#fdfdfb",
    surface="#f4f4f0",
    panel="#e8e8e2",
    dark=False,
)
HIGH_CONTRAST = Theme(
    name="posology-high-contrast",
    primary="#ffffff",
    secondary="#ffffff",
    accent="#ffff00",
    warning="#ffff00",
    error="#ffff00",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={"text-muted": "#ffffff", "border": "#ffffff", "footer-key-foreground": "#ffff00"},
)
THEMES = (DARK, LIGHT, HIGH_CONTRAST)
