"""How the tests read a page: its elements, and the pixels of the images in it."""

import base64
import struct
import zlib
from xml.etree import ElementTree

from purenet import picture_files


class Element(ElementTree.Element):
    def words(self):
        return "".join(self.itertext())

    def all(self, tag, **attributes):
        """The elements inside, in order, that have this tag and these attributes (class as `kind`)."""
        wanted = {name.replace("kind", "class"): value for name, value in attributes.items()}.items()
        return [element for element in self.iter(tag) if wanted <= element.attrib.items()]


def elements(text):
    """A page, or a part of one, within an Element; every tag in it must be closed in its place."""
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(element_factory=Element))
    return ElementTree.fromstring(f"<part>{text.replace('<!DOCTYPE html>', '')}</part>", parser)


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
    kind, data = img.attrib["src"].split(",")
    assert kind == "data:image/png;base64"
    return sum(pixels(base64.b64decode(data, validate=True)), [])
