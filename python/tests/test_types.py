"""The type checker mypy accepts correct uses of the widget's fields and records, and reports wrong uses."""

import subprocess
import sys
from pathlib import Path

GOOD = """
import moescope

scope = moescope.Scope(text="The fox ran.", view="router", token=2)
if scope.token is not None:
    scope.token = scope.token + 1
scope.view = "grid"
scope.temperature = 0.5
scope.expert = None
record = scope.record
if record is not None:
    weights: list[float] = record["routes"][0]["weights"]
    experts: list[int] = record["routes"][0]["experts"]
    stored: int = record["cache"]["latent"]
scope.step(-1)
reveal: str = scope.error
"""

WRONG = """
import moescope

scope = moescope.Scope(view="ledger")
scope.token = "two"
scope.record = None
moescope.Scope(colour="red")
"""


def check(tmp_path: Path, text: str) -> tuple[int, str]:
    """Runs mypy on a file with this text, and returns its exit status and output."""
    file = tmp_path / "use.py"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_strict_type_checker_accepts_the_fields_and_records_of_a_scope(tmp_path):
    assert check(tmp_path, GOOD) == (0, "Success: no issues found in 1 source file\n")


def test_a_strict_type_checker_finds_wrong_values_and_unknown_fields(tmp_path):
    status, printed = check(tmp_path, WRONG)
    assert status == 1
    assert [line.split(":")[1] for line in printed.splitlines() if ": error:" in line] == ["4", "5", "6", "7"]
