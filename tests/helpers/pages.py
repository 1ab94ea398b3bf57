"""How the tests read a page: its elements, and the pixels of the images in it."""

import base64
import struct
import zlib
from html.parser import HTMLParser

from purenet import picture_files


class Element:
    """A tag with its attributes and what is in it: elements and pieces of text."""

    def __init__(self, tag, attributes):
        self.tag, self.attributes, self.content = tag, dict(attributes), []

    def text(self):
        return "".join(part if isinstance(part, str) else part.text() for part in self.content)

    def all(self, tag, **attributes):
        """The elements inside, in order, that have this tag and these attributes (class as `kind`)."""
        wanted = {name.replace("kind", "class"): value for name, value in attributes.items()}.items()
        found = []
        for part in self.content:
            if not isinstance(part, str):
                found += [part] * (part.tag == tag and wanted <= part.attributes.items())
                found += part.all(tag, **attributes)
        return found


class Reader(HTMLParser):
    EMPTY = {"meta", "img", "br"}

    def __init__(self):
        super().__init__()
        self.open = [Element("", {})]

    def handle_startendtag(self, tag, attributes):
        self.open[-1].content.append(Element(tag, attributes))

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes), f"<{tag}> has an attribute twice"
        self.handle_startendtag(tag, attributes)
        if tag not in self.EMPTY:
            self.open.append(self.open[-1].content[-1])

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag, f"</{tag}> at {self.getpos()} closes another tag"

    def handle_data(self, text):
        self.open[-1].content.append(text)


def elements(text):
    """A page, or a part of one, as an Element without a tag; every tag in it must be closed in its place."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    [root] = reader.open
    return root


def pixels(file):
    """The rows of (red, green, blue, opacity) in the bytes of a PNG file that has no filters."""
    assert file.startswith(picture_files.PNG)
    (first, header), *middle, end = picture_files._chunks(file)  # which checks their sums
    assert first == b"IHDR" and end == (b"IEND", b"") and {name for name, _ in middle} == {b"IDAT"}
    width, height, *form = struct.unpack(">2I5B", header)
    assert form == [8, 6, 0, 0, 0]
    data = zlib.decompress(b"".join(part for _, part in middle))
    assert len(data) == height * (1 + 4 * width)
    lines = [data[k : k + 1 + 4 * width] for k in range(0, len(data), 1 + 4 * width)]
    assert {line[0] for line in lines} == {0}
    return [[tuple(line[k : k + 4]) for k in range(1, len(line), 4)] for line in lines]


def image(img):
    """The pixels of an <img>, as one list."""
    kind, data = img.attributes["src"].split(",")
    assert kind == "data:image/png;base64"
    return sum(pixels(base64.b64decode(data, validate=True)), [])
