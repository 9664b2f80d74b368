"""Draws the diagram of the model page: the course of an offender, with an officer's choice in the middle.

python -m docs.diagram
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

DIAGRAM = Path(__file__).parent / "images" / "model.svg"
WIDTH, HEIGHT = 980, 590
DARK_BLUE, GREEN, ORANGE, QUIET, INK = "#12436D", "#00756C", "#B35400", "#595959", "#1d1d1d"
LINE_HEIGHT = 17
DESCRIPTION = (
    "A new offender has an initial assessment; then visits and reviews fall due regularly. An officer chooses the "
    "most urgent work of the caseload that is due. At a visit the offender is seen or not. If not, the due date "
    "stays and the visit is attempted again days later; after several failures a warrant may follow. If seen, "
    "latent breaches may be found, which raises an enquiry, and the next visit is due one interval later. A "
    "review sets the recorded risk to the true risk, and with it the interval. Meanwhile, undetected, true risk "
    "drifts, breaches begin, and some offenders leave home. Offenders leave the register when their period ends, "
    "by death, or by moving away."
)


class Box(NamedTuple):
    """A box with a heading and a few lines; x and y are its upper left corner."""

    x: float
    y: float
    width: float
    heading: str
    lines: tuple[str, ...] = ()
    colour: str = DARK_BLUE
    dashed: bool = False

    @property
    def height(self) -> float:
        return 34 + LINE_HEIGHT * len(self.lines)

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


class Arrow(NamedTuple):
    """A line with a head through some points, and words beside it."""

    points: tuple[tuple[float, float], ...]
    words: str = ""
    at: tuple[float, float] = (0, 0)
    colour: str = INK


REGISTERED = Box(20, 20, 190, "Registered", ("at random, in a team;", "in the smallest caseload"))
INITIAL_ASSESSMENT = Box(260, 20, 190, "Initial assessment", ("two officers: first", "visit and first review"))
DUE = Box(20, 170, 190, "Due", ("visit, review, notification:", "on a date; overdue from", "the day after it"))
CHOSEN = Box(
    260,
    170,
    190,
    "Chosen by an officer",
    ("the most urgent work of", "the caseload; with a", "colleague, if for two"),
)
DOOR = Box(500, 170, 190, "At the door", ("announced or not;", "travel, then: does", "anybody answer?"))
FAILED = Box(500, 20, 190, "Nobody answers", ("attempted again later;", "the due date stays"), ORANGE)
WARRANT = Box(770, 20, 190, "Warrant, tracing", ("after some failures, if", "the force escalates"), ORANGE)
SEEN = Box(770, 170, 190, "Seen", ("next visit due after the", "interval of the", "recorded risk"), GREEN)
FOUND = Box(
    770,
    330,
    190,
    "Breach found or not",
    ("by chance, breaches are", "found: then an enquiry,", "and a review soon"),
)
ENQUIRY = Box(500, 330, 190, "Enquiry", ("warning, charge,", "or custody and,", "later, release"))
REVIEW = Box(
    260,
    330,
    190,
    "Review",
    ("recorded risk becomes", "true risk, but for errors;", "sets the visit interval"),
    GREEN,
)
LEAVES = Box(20, 330, 190, "Leaves the register", ("the period ends, death,", "or a move away"))
UNSEEN = Box(
    20,
    450,
    460,
    "Undetected meanwhile, whatever the force does",
    (
        "True risk drifts up and down. Breaches begin and lie latent.",
        "Some offenders leave home. Intelligence brings some",
        "breaches to light.",
    ),
    QUIET,
    dashed=True,
)
OFFICERS = Box(
    500,
    450,
    460,
    "What takes officers away",
    (
        "Leave, sickness, court, courses, abstraction; some leave,",
        "and the post is vacant. An untrained officer may lose a",
        "record's next date: then nobody visits.",
    ),
    QUIET,
    dashed=True,
)
BOXES = (
    REGISTERED,
    INITIAL_ASSESSMENT,
    DUE,
    CHOSEN,
    DOOR,
    FAILED,
    WARRANT,
    SEEN,
    FOUND,
    ENQUIRY,
    REVIEW,
    LEAVES,
    UNSEEN,
    OFFICERS,
)

ARROWS = (
    Arrow(((210, 54), (257, 54))),
    Arrow(((355, 88), (355, 125), (150, 125), (150, 167))),
    Arrow(((210, 212), (257, 212))),
    Arrow(((450, 212), (497, 212)), "a visit", (454, 204)),
    Arrow(((355, 255), (355, 327)), "a review", (362, 316)),
    Arrow(((595, 170), (595, 91)), "no", (602, 135), ORANGE),
    Arrow(((500, 40), (475, 40), (475, 140), (185, 140), (185, 167)), "", (0, 0), ORANGE),
    Arrow(((690, 54), (767, 54)), "again", (708, 46), ORANGE),
    Arrow(((865, 88), (865, 167)), "found", (872, 132), ORANGE),
    Arrow(((690, 212), (767, 212)), "yes", (716, 204), GREEN),
    Arrow(((865, 255), (865, 327))),
    Arrow(((770, 372), (693, 372)), "found", (708, 364)),
    Arrow(((500, 372), (453, 372))),
    Arrow(((260, 350), (235, 350), (235, 240), (213, 240)), "", (0, 0), GREEN),
    Arrow(((800, 255), (800, 290), (115, 290), (115, 258)), "the next visit is due", (560, 284), GREEN),
)


def drawn() -> str:
    """The diagram as SVG, its letters as text."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="title description" font-family="DejaVu Sans, Arial, Helvetica, sans-serif" font-size="13">',
        '<title id="title">How the model works</title>',
        f'<desc id="description">{escape(DESCRIPTION)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *map(_arrow, ARROWS),
        *map(_box, BOXES),
        _text(
            20,
            570,
            "Green: sets the next date. Orange: nobody answers. Dashed: continues all the time.",
            QUIET,
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _box(box: Box) -> str:
    dash = ' stroke-dasharray="6 4"' if box.dashed else ""
    rect = (
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="5" fill="white" '
        f'stroke="{box.colour}" stroke-width="2"{dash}/>'
    )
    heading = _text(box.x + 12, box.y + 22, box.heading, box.colour, bold=True)
    lines = [_text(box.x + 12, box.y + 40 + LINE_HEIGHT * n, line, INK) for n, line in enumerate(box.lines)]
    return "\n".join([rect, heading, *lines])


def _arrow(arrow: Arrow) -> str:
    path = " ".join(f"{x},{y}" for x, y in arrow.points)
    (x1, y1), (x2, y2) = arrow.points[-2:]
    # The head: a triangle at the last point, turned the way the last part of the line runs.
    along = ((x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1))
    across = (-along[1], along[0])
    base = (x2 - 9 * along[0], y2 - 9 * along[1])
    corners = [(x2, y2), *((base[0] + sign * across[0], base[1] + sign * across[1]) for sign in (5, -5))]
    head = " ".join(f"{x},{y}" for x, y in corners)
    line = f'<polyline points="{path}" fill="none" stroke="{arrow.colour}" stroke-width="1.6"/>'
    words = [_text(*arrow.at, arrow.words, arrow.colour)] if arrow.words else []
    return "\n".join([line, f'<polygon points="{head}" fill="{arrow.colour}"/>', *words])


def _text(x: float, y: float, words: str, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{colour}"{weight}>{escape(words)}</text>'


if __name__ == "__main__":
    DIAGRAM.write_text(drawn(), encoding="utf-8", newline="\n")
