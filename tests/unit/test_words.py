"""The old words stay out, and each rule finds what it is for."""

from pathlib import Path

import pytest

from tests.words import files, found_in


def test_no_old_word_is_left() -> None:
    found = [hit for path in files() for hit in found_in(path)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("name", "text", "standard"),
    [
        ("a.py", "lived = 1", "simulate, run"),
        ("a.py", '"""Luck is drawn."""', "random numbers"),
        ("a.py", 'print(f"{told} x")', "log / print"),
        ("a.py", "x = 1  # the history", "replication"),
        ("a.md", "It was unseen\nfor years.", "not seen"),
        ("a.md", "36.0 % of them", "without a space"),
        ("a.yaml", "intake: 1", "initial assessment"),
    ],
)
def test_an_old_word_is_found_with_its_line(tmp_path: Path, name: str, text: str, standard: str) -> None:
    (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    assert any(standard in hit.standard and hit.line == 1 for hit in found_in(tmp_path / name))


def test_the_ordinary_senses_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    text = "A piece of work; natural history; it is given; slow by nature; both sides; `--longest-unseen`.\n"
    file.write_text(text, encoding="utf-8")
    assert found_in(file) == []
