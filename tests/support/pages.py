"""Reading a page as a browser and a screen reader would: its elements, and what makes it hard to read."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "wbr", "link", "img", "input", "hr"}


@dataclass
class Element:
    """One element: its tag, attributes, the tags around it, and the words inside it."""

    tag: str
    attributes: dict[str, str]
    around: tuple[str, ...]
    words: str = ""


@dataclass
class Page(HTMLParser):
    """Every element of a page in order."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self.feed(self.html)
        assert not self._open, f"never closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(item.tag for item in self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, ()))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words += data

    def all(self, *tags: str) -> list[Element]:
        """The elements with one of these tags, in order."""
        return [element for element in self.elements if element.tag in tags]

    @property
    def words(self) -> str:
        """All that is written in the body, with single blanks."""
        return " ".join(self.all("body")[0].words.split())


def hard_to_read(page: Page) -> list[str]:
    """What a screen reader, a printer or a machine without a network would stumble over."""
    attributes = [(element, name, value) for element in page.elements for name, value in element.attributes.items()]
    ids = [value for _, name, value in attributes if name == "id"]
    wrong = [f"id twice: {name}" for name, times in Counter(ids).items() if times > 1]
    for element, name, value in attributes:
        if name in ("src", "href", "xlink:href", "data", "action", "srcset") and not value.startswith("#"):
            wrong.append(f"{element.tag} leads outside: {value}")
        if name in ("aria-labelledby", "aria-describedby"):
            wrong += [f"{name} names nothing: {item}" for item in value.split() if item not in ids]
        if name in ("href", "xlink:href") and value[1:] not in ids:
            wrong.append(f"leads nowhere: {value}")
        wrong += [f"points nowhere: {item}" for item in re.findall(r"url\(#([^)]+)\)", value) if item not in ids]
        if name.startswith("on"):
            wrong.append(f"needs a script: {name}")
    wrong += [f"needs a {element.tag}" for element in page.all("script", "link", "iframe", "object")]
    wrong += ["the style fetches something" for style in page.all("style") if "url(" in style.words]
    levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3", "h4")]
    if levels.count(1) != 1 or any(deeper > level + 1 for level, deeper in itertools.pairwise(levels)):
        wrong.append(f"headings out of order: {levels}")
    for svg in page.all("svg"):
        if svg.attributes.get("aria-hidden") == "true":  # a colour beside its name
            continue
        if svg.attributes.get("role") != "img" or "aria-labelledby" not in svg.attributes:
            wrong.append("a picture without words for it")
    wrong += [
        f"a heading of a table without scope: {th.words}" for th in page.all("th") if "scope" not in th.attributes
    ]
    if len(page.all("table")) != len(page.all("caption")):
        wrong.append("a table without a caption")
    if page.all("html")[0].attributes.get("lang") != "en-GB":
        wrong.append("no language")
    return wrong
