"""The measurement of adding counts the texts that adding embeds, and compares with those alone."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from assistant.session import Session
from evals import bench_add
from index.embedder import Embedder


def test_both_sides_embed_the_same_texts(
    tmp_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus.jsonl"
    text = "Oral zorlitinib {} mg once daily softened plaques. Nobody with morphea stopped it."
    records = [{"title": f"Morphea, part {n}", "text": text.format(n)} for n in range(5)]
    corpus.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    asked: list[int] = []
    embed = word_embedder.embed

    def counting(texts: list[str]) -> object:
        asked.append(len(texts))
        return embed(texts)

    monkeypatch.setattr(word_embedder, "embed", counting)
    monkeypatch.setattr(bench_add, "Session", lambda library: Session(library, embedder=word_embedder))
    monkeypatch.setattr(sys, "argv", ["bench_add", str(corpus), "--count", "4"])
    bench_add.main()
    printed = capsys.readouterr().out
    found = re.search(r"4 added, .* (\d+) passages and (\d+) sentences embedded", printed)
    assert found is not None
    whole, parts = map(int, found.groups())
    assert sum(asked) == 1 + 3 * (whole + parts) and parts >= 4
    assert "adding / embedder, same texts:" in printed
