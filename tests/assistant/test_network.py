"""Nothing leaves the machine, and a question loads no more than it needs: proven in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from index.embedder import Embedder

QUESTION = "tofacitinib dose in vitiligo?"

# Every way out that Python code has raises an audit event, whichever library takes it. The attempt is noted as well
# as refused, because a program may swallow the refusal. The last lines prove that the watch would have seen one.
CHILD = """
import json, runpy, socket, sys

OUTWARD = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.sendto", "socket.sendmsg",
           "socket.bind", "urllib.Request", "http.client.connect", "subprocess.Popen", "os.system", "os.posix_spawn")
attempts = []

def watch(event, arguments):
    if event.startswith(OUTWARD):
        attempts.append(event)
        raise OSError("no network here")

sys.addaudithook(watch)
script, report, *sys.argv[1:] = sys.argv[1:]
code = 0
try:
    runpy.run_path(script, run_name="__main__")
except SystemExit as leaving:
    code = leaving.code or 0
seen, loaded = list(attempts), sorted({name.partition(".")[0] for name in sys.modules})
for attempt in (lambda: socket.socket().connect(("127.0.0.1", 9)), lambda: socket.getaddrinfo("example.org", 80)):
    try:
        attempt()
    except OSError:
        pass
with open(report, "w") as stream:
    json.dump({"code": code, "attempts": seen, "modules": loaded, "watched": attempts[len(seen):]}, stream)
"""
SCRIPT = """
from assistant.front_door import main
main()
"""


def run(tmp_path: Path, *arguments: str | Path) -> tuple[str, dict[str, Any]]:
    """Run the program in a watched process; return what it printed and what the watch saw."""
    script, report = tmp_path / "script.py", tmp_path / "report.json"
    script.write_text(SCRIPT)
    folders = {name: str(tmp_path / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    environment = {name: value for name, value in os.environ.items() if name != "POSOLOGY_LIBRARY"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, script, report, *arguments],
        capture_output=True,
        env={**environment, **folders},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(report.read_text())
    assert set(found["watched"]) >= {"socket.connect", "socket.getaddrinfo"}
    assert found["code"] == 0, done.stderr.decode()
    return done.stdout.decode(), found


def test_the_first_question_makes_the_default_library_without_network_or_torch(
    tmp_path: Path, real_embedder: Embedder
) -> None:
    printed, found = run(tmp_path, "ask", QUESTION, "--json")
    assert json.loads(printed)["status"] == "answered"
    assert (tmp_path / "xdg_data_home" / "posology" / "library" / "catalogue.sqlite").is_file()
    assert found["attempts"] == []
    assert {"torch", "sentence_transformers", "transformers", "huggingface_hub"} & set(found["modules"]) == set()


def test_a_question_loads_neither_a_training_library_nor_a_yaml_parser(tmp_path: Path, bundled_path: Path) -> None:
    printed, found = run(tmp_path, "ask", QUESTION, "--json", "--library", bundled_path)
    assert json.loads(printed)["status"] == "answered"
    assert found["attempts"] == []
    assert {"faiss", "tantivy", "onnxruntime"} <= set(found["modules"])
    heavy = {"torch", "sentence_transformers", "transformers", "onnx", "onnxscript", "sklearn", "scipy", "yaml"}
    assert heavy & set(found["modules"]) == set()
    assert "evals" not in found["modules"]
    assert not (tmp_path / "xdg_data_home").exists()
