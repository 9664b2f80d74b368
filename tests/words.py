"""The words that this project no longer uses, and where they are still written.

`python -m tests.words` counts them by file; `python -m tests.words sim/runs README.md` lists each with its line and the
standard word. A rule holds for *text* (prose, and parts of a name between underscores or capitals), for *prose* alone
(strings, docstrings, comments, documents) or for whole *names* (identifiers, keys, words in backticks). `ORDINARY` are
the senses of ordinary English that stay, one by one.
"""

import io
import json
import re
import subprocess
import sys
import tokenize
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
NOT_READ = ("LICENSE", "requirements", ".gitignore", "tests/words.py", "tests/unit/test_words.py", ".svg", ".csv")
"""Licences, pins and pictures, and the two files that hold the old words."""


def _at_ends(words: str, flags: int) -> "re.Pattern[str]":
    """A pattern of whole words: a blank in it is any space, line end, underscore or hyphen."""
    return re.compile(rf"(?<![A-Za-z])(?:{words.replace(' ', r'[ _-]+')})(?![A-Za-z])", flags)


@dataclass(eq=False)
class Rule:
    """What is no longer said, the standard word, and the ordinary senses that stay."""

    standard: str
    text: str = ""
    prose: str = ""
    name: str = ""
    ordinary: tuple[str, ...] = ()
    case: bool = False
    patterns: dict[str, "re.Pattern[str]"] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        flags = 0 if self.case else re.IGNORECASE
        for kind in ("text", "prose"):
            if getattr(self, kind):
                self.patterns[kind] = _at_ends(getattr(self, kind), flags)
        if self.name:
            self.patterns["name"] = re.compile(self.name)
        if self.ordinary:
            self.patterns["ordinary"] = re.compile("|".join(self.ordinary).replace(" ", r"[\s_-]+"), re.IGNORECASE)


SIMULATION = (
    Rule("replication(s)", text="history|histories", ordinary=(r"natural histor(?:y|ies)", r"own (?:past )?history")),
    Rule("is simulated", prose="lives? through|lived through|living through"),
    Rule("random numbers; common random numbers", text="luck|lucky"),
    Rule(
        "simulate, run; natural history",
        text="lived?|lives",
        ordinary=(
            r"live investigations",
            r"where (?:they|offenders) live",
            r"lives? (?:at|in) (?:an|the) (?:area|home)",
        ),
    ),
    Rule("Process, processes", text="happenings", name="_?Happening"),
    Rule(
        "Simulation; `clock` for the record",
        name="_?(?:[Ww]orlds?|WORLD)|small_worlds",
        prose="worlds|(?:an?|one|this|whole|small|same) world",
        ordinary=(r"(?:real|outside|whole wide) world",),
    ),
    Rule(
        "observation times; owner (of a lease)",
        text="marks?",
        ordinary=(
            r"pytest\W+mark",
            r"(?:question|exclamation|quotation|byte.order|tick|check) marks?",
            r"\bmark\.(?:parametrize|slow|skipif|usefixtures|filterwarnings)",
            r"stephen\W+mark\W+richard",  # forenames
            r"(?:start|end|context|problem)_mark",  # names of ruamel.yaml
        ),
    ),
    Rule("replications table, by replication", text="side by side", name="Together"),
    Rule("regime", text="epochs?|rules_on"),
    Rule(
        "regime",
        text="stages?",
        ordinary=(
            r"case stages?",
            r"(?:by|at|of|in|each|every|one|this|the|a|its|next|which|what|such|waiting|those) stages?",  # of a case
            r"stages of (?:an?|the|online|investigations?|cases?|child)",
        ),
    ),
    Rule("transition", name="_?moments?|Moment"),
    Rule("offender state", name=".*standings?|Standing"),
    Rule("precision target, replications needed", text="wish|wishes|wished|would_do"),
    Rule(
        "alternatives, check_paired",
        name="_?[Ss]ides?|must_pair",
        prose="sides",
        ordinary=(r"(?:both|either|all|right|left|two|opposite) sides",),
    ),
    Rule(
        "offender dynamics / natural history",
        text="nature|begin_lives",
        ordinary=(r"(?:by|of this|human|good) nature",),
    ),
    Rule("register arrivals, register moves", name="joining|moves"),
    Rule("next_decision_at, ready_at", name="looks_at|wakes?|wakes_at"),
    Rule("no clear difference", prose="(?:cannot|can not|could not|not) be told apart|cannot tell"),
    Rule(
        "95% confidence interval of the mean",
        prose="intervals? of the mean",
        ordinary=(r"confidence intervals? of the mean",),
    ),
    Rule("is sensitive to; drives", prose="(?:hangs?|hung|hanging) on"),
)
PYTHON = (
    Rule("log / print / describe; output.py", text="tells?|told|telling|tellers?"),
    Rule("ScenarioLike; known_caseload", name=r"_?given|Given|given_.*|.*_given"),
    Rule("save_*, folder", name=r"_?keeps?_(?!default_na|vba|links|dims).*|_?kept(?:_(?!away).*)?|.*_kept"),
    Rule("leases", text="claims?|claimed|claiming"),
    Rule("heartbeat", text="pulses?"),
    Rule("job", text="pieces?", ordinary=(r"pieces? of (?:work|equipment|code|paper|evidence)",)),
    Rule("ProgressListener: on_plan, on_replication, on_precision", text="watchers?", name="looked"),
    Rule("PreparedRun", name="_?Prepared"),
    Rule("Located, located", name="_?Written|as_written"),
    Rule("warnings", text="cautions?|cautioned", ordinary=(r"simple cautions?", r"police cautions?", r"cautioned or")),
    Rule("consistency checks", text="contradictions?"),
    Rule("summary_line", name="_?in_short"),
    Rule("pluralise", name="_?counted"),
    Rule("join_words", name="_?listed"),
    Rule("sanitise", name="_?printable"),
    Rule("relative_path", name="_?from_here"),
    Rule("event_trace", text="chronicles?"),
    Rule("work, work_sentences", text="deeds?"),
    Rule("longest_unseen; not seen", name="_?unseen"),
    Rule("notebook", name="_?showing"),
    Rule("fix, invalid", text="mend|mends|mended|mending|spoil|spoils|spoilt|spoiled"),
    Rule("returned", prose="(?:given|handed|gives?|hands?|giving|handing) back"),
)
POLICING = (
    Rule("abstraction", text="lent"),
    Rule(
        "available_share, share of a shift available for the caseload", text="free share", prose="free for the caseload"
    ),
    Rule("total officer posts (establishment); in post; vacancies", prose="officers in all"),
    Rule("time off in lieu", text="owed"),
    Rule("digital forensics unit, examiners", text="laborator(?:y|ies)|benches"),
    Rule("case", name=r"_?[Mm]atters?|.*_matters?"),
    Rule("investigator", name="_?one"),
    Rule("open_cases", text="in hand"),
    Rule("max_caseload", text="most_each"),
    Rule("overload_threshold", text="too_many"),
    Rule(
        "caseload",
        text="desks?",
        ordinary=(
            r"desk[\s_-]+(?:check|review|work|hours)(?:s|ed)?",
            r"triage desks?",
            r"from (?:a|the|their) desk\b",
            r"area\W+desk\W+duty",  # labels of officers
        ),
    ),
    Rule("initial assessment (registration visit and first review)", text="intakes?"),
    Rule("is registered", prose="join(?:s|ed|ing)? the register"),
    Rule("offenders per officer", prose="(?:offenders|visits|cases) (?:for|to) each officer"),
    Rule("completed the annual notification", prose="(?:took|takes?|taking|taken) the (?:annual )?notification"),
    BANDS := Rule("range, 8-of-10 range", prose="bands?", ordinary=(r"(?:age|risk|price|tax) bands?",)),
)
PROSE = (
    Rule("name the person or the thing", prose="whoever|whosoever"),
    Rule("more precise, more certain", prose="surer|surest"),
    Rule("total", prose=r"in all(?=\s*[.,;:)\"'|\n]|\s*$|\s+and\s)"),
    Rule("the smallest number that meets the target", prose="fewest that (?:are|is) enough|(?:halves|halving) in on"),
    Rule("Even N officers do not meet the target", prose="not even \\S+ (?:are|is) enough"),
    Rule("thirty times, with different random events", prose="some thirty times"),
    Rule("There is N% more work than available hours", prose="the work wants|work wants"),
    Rule("The first figure is the average …", prose="before the brackets?|in brackets its"),
    Rule("A real force has only one future", prose="one history only"),
    Rule("Run the same command again to continue", prose="(?:same )?line typed again|goes? on from there"),
    Rule("any difference is due to the plan", prose="plan's doing|what differs is"),
    Rule("Results", prose="what comes? of it"),
    Rule("Command to reproduce this", prose="the line that repeats it"),
    Rule("Seed for the random numbers", prose="another seed is"),
    Rule("Unexpected error in the program. Please report it", prose="not your fault"),
    Rule("better: the oldest overdue visit is less overdue", prose="shorter delay of"),
    Rule("chance of losing a record", prose="officers, untrained officers, lost records"),
    Rule("not seen for longest", prose="unseen for"),
    Rule(
        "the program runs, simulates, reports, saves, fixes or continues",
        prose="(?:program|simulator|command|page|run) (?:lives|keeps|asks|mends|wants)",
    ),
    Rule("36.0% without a space", prose=r"§§"),
)
RULES = (*SIMULATION, *PYTHON, *POLICING, *PROSE)
PROSE[-1].patterns["prose"] = re.compile(r"(?<=[\d}])[ \u00a0\u202f]%(?![\w(=])")
READ_BY_ALL = ("sim", "docs", "README.md", "notebooks", "scenarios", "CHANGELOG.md")


class Found(NamedTuple):
    """An old word: its file, line, what is written, and the standard word."""

    path: str
    line: int
    word: str
    standard: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.word!r} → {self.standard}"


class Text(NamedTuple):
    """The prose of a file, every other character of it blank, and its names with their places."""

    prose: str
    names: list[tuple[int, str]]


def _blank(text: str) -> str:
    """The same length with nothing to read, so that what is apart is not read as one sentence; line ends stay."""
    return re.sub(r"[^\s]", "\x00", text)


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPTION_OR_NAME = re.compile(rf"--[a-z-]+|{_NAME.pattern}")
_FIELD = re.compile(r"\{[^{}\n]*\}")
_QUOTES = re.compile(r"""^[A-Za-z]*('''|\"""|'|")""")


def _python(source: str) -> Text:
    """Strings and comments are prose; names are those of the code, also those between the braces of an f-string."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    prose, names = list(_blank(source)), []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        at = starts[token.start[0] - 1] + token.start[1]
        if token.type == tokenize.COMMENT:
            written = token.string.lstrip("#:")
            prose[at : at + len(token.string)] = written.rjust(len(token.string))
        elif token.type == tokenize.STRING:
            quote = _QUOTES.match(token.string)
            assert quote is not None
            inside, end = quote.end(), len(token.string) - len(quote[1])
            body = token.string[inside:end]
            if "f" in quote[0].lower():
                for hit in _FIELD.finditer(body):
                    names += [(at + inside + hit.start() + name.start(), name[0]) for name in _NAME.finditer(hit[0])]
                body = _FIELD.sub(lambda hit: "}".rjust(len(hit[0])), body)
            if re.fullmatch(r"[a-z]+(?:[_.][a-z]+)*", body) and ("_" in body or "." in body):
                names += [(at + inside + name.start(), name[0]) for name in _NAME.finditer(body)]
            prose[at : at + len(token.string)] = " " * inside + body + " " * len(quote[1])
        elif token.type == tokenize.NAME and not any(sign in token.line for sign in FOREIGN.get(token.string, ())):
            names.append((at, token.string))
    return Text("".join(prose), names)


FOREIGN = {
    "mark": ("pytest.mark",),
    "marks": ("marks=pytest.mark",),
    "given": ("hypothesis", "@given("),
    "side": ('side="left"', 'side="right"'),  # numpy.searchsorted
}
"""Names of other libraries, and what their line then holds."""


def _document(source: str) -> Text:
    """All of it is prose; names are what stands in backticks or has an underscore, and keys at the start of a line.

    An option of a command, `--longest-unseen`, is one name.
    """
    names = [
        (hit.start() + name.start(), name[0].removeprefix("--").replace("-", "_"))
        for hit in re.finditer(r"`[^`\n]+`|\b\w*_\w+|^\s*(?:- )?[\w.]+(?=:(?:\s|$))", source, re.MULTILINE)
        for name in _OPTION_OR_NAME.finditer(hit[0])
    ]
    return Text(source, list(dict.fromkeys(names)))


def _notebook(source: str) -> Text:
    """The cells alone, one source line a line as the file has it; what was printed is not read."""
    kept = [_blank(source)]
    for cell in json.loads(source)["cells"]:
        for text in [cell["source"]] if isinstance(cell["source"], str) else cell["source"]:
            written = json.dumps(text, ensure_ascii=False)
            at = source.find(written)
            kept[0] = kept[0][:at] + written.replace("\\n", "  ") + kept[0][at + len(written) :] if at >= 0 else kept[0]
    return _document(kept[0])


def _c(source: str) -> Text:
    comments = re.sub(r"(?s)(/\*.*?\*/)|([^/\s]|/(?!\*))", lambda hit: hit[1] or "\x00", source)
    return Text(comments, [(hit.start(), hit[0]) for hit in _NAME.finditer(source)])


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)


@cache
def _of_name(name: str) -> tuple[Rule, ...]:
    """The rules that a name breaks."""
    snake = _snake(name)

    def breaks(rule: Rule) -> bool:
        if "text" in rule.patterns and rule.patterns["text"].search(snake):
            ordinary = rule.patterns.get("ordinary")
            return not (ordinary and ordinary.search(snake))
        return "name" in rule.patterns and rule.patterns["name"].fullmatch(name) is not None

    return tuple(rule for rule in RULES if breaks(rule))


def _of_prose(prose: str) -> Iterator[tuple[int, str, Rule]]:
    for rule in RULES:
        patterns = [rule.patterns[kind] for kind in ("text", "prose") if kind in rule.patterns]
        hits = [hit for pattern in patterns for hit in pattern.finditer(prose)]
        if hits and "ordinary" in rule.patterns:
            spared = [hit.span() for hit in rule.patterns["ordinary"].finditer(prose)]
            hits = [hit for hit in hits if not any(a <= hit.start() and hit.end() <= b for a, b in spared)]
        yield from ((hit.start(), hit[0], rule) for hit in hits)


def found_in(path: Path) -> list[Found]:
    """The old words of a file and of its name, in their order."""
    shown = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
    source = path.read_text(encoding="utf-8")
    text = {".py": _python, ".ipynb": _notebook, ".c": _c}.get(path.suffix, _document)(source)
    prose = re.sub(r"[ \t]*\n[ \t]*(?:> )?", lambda hit: " " * len(hit[0]), text.prose)
    hits = {(at, word.strip(), rule.standard) for at, word, rule in _of_prose(prose)}
    hits |= {(at, name, rule.standard) for at, name in text.names for rule in _of_name(name)}
    if not shown.startswith(READ_BY_ALL):
        hits = {hit for hit in hits if hit[2] != BANDS.standard}
    ends = [hit.start() for hit in re.finditer("\n", source)]
    in_name = [Found(shown, 0, path.name, rule.standard) for rule in _of_name(path.stem.removeprefix("test_"))]
    return [*in_name, *dict.fromkeys(Found(shown, bisect_left(ends, at) + 1, *hit) for at, *hit in sorted(hits))]


def files(paths: Sequence[str] = ()) -> list[Path]:
    """The files of the repository that are read, or those at or below some paths."""
    done = subprocess.run(["git", "ls-files", "--", *paths], cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in done.stdout.split() if not name.startswith(NOT_READ) and not name.endswith(NOT_READ)]
    return [ROOT / name for name in names if (ROOT / name).exists()]


def main(paths: Sequence[str]) -> None:
    found = [hit for path in files(paths) for hit in found_in(path)]
    if paths:
        print(*found, sep="\n")
    else:
        for path, count in Counter(hit.path for hit in found).most_common():
            print(f"{count:5} {path}")
    print(f"{len(found)} words in {len({hit.path for hit in found})} files")


if __name__ == "__main__":
    main(sys.argv[1:])
