"""Progress of the compiling, which keeps the first run on a machine waiting."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

LINE_EVERY_SECONDS = 10
"""How often a line reports the progress where no bar can be drawn."""


class CompilingBar:
    """A bar of the functions that are compiled; a line now and then where stderr goes to a file."""

    def __init__(self, console: Console) -> None:
        self.console = console
        columns = (TextColumn("  Compiling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.task = self.bar.add_task("", total=None)
        self.said = time.monotonic()

    def show(self, done: int, of: int) -> None:
        """So many functions are compiled; 0 of 0 when it begins."""
        if not of:
            text = "Compiling the shift for this machine, once (a minute or two) ..."
            self.console.print(Text(text), soft_wrap=True)
            self.bar.start()
            return
        self.bar.update(self.task, completed=done, total=of)
        if self.bar.disable and time.monotonic() - self.said > LINE_EVERY_SECONDS:
            self.said = time.monotonic()
            self.console.print(Text(f"{done:,} of {of:,} functions compiled"), soft_wrap=True)

    def stop(self) -> None:
        """Take the bar away."""
        self.bar.stop()
