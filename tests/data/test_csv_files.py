"""CSV files give the images and digits that they hold, and other text a ValueError with its line."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnist_files import HEADER, drawn, expected, refused, rows, write

from purenet import mnist_loader


headers = st.sampled_from([b"", HEADER, HEADER.replace(b"label", b'""')])


@given(st.integers(1, 13), st.integers(1, 3), headers, st.booleans())
def test_csv_files_give_the_images_and_digits(tmp_path_factory, n_train, n_test, header, zipped):
    folder = tmp_path_factory.mktemp("csv")
    for name, drawing in ("mnist_train.csv", drawn(1, n_train)), ("mnist_test.csv", drawn(2, n_test)):
        data = header + rows(*drawing)
        write(folder / (name + ".gz" * zipped), gzip.compress(data, 1) if zipped else data)
    assert mnist_loader.load_data(folder) == expected(n_train, n_test)


@given(st.integers(1, 30), st.sampled_from([b"", HEADER]), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_the_last_two_sevenths_of_a_single_csv_file_validate_and_test(folder, n, header, mark):
    greys, digits = drawn(4, n)
    sets = mnist_loader.load_data(write(folder / "digits", mark + header + rows(greys, digits)))
    assert [len(labels) for _, labels in sets] == [n - 2 * (n // 7), n // 7, n // 7]
    assert [digit for _, labels in sets for digit in labels] == list(digits)
    assert [pixel * 256 for images, _ in sets for image in images for pixel in image] == list(greys)


def test_spaces_and_empty_lines_in_a_csv_file_do_not_matter(folder):
    data = rows(*drawn(1, 2))
    spaced = data.replace(b",", b", ").replace(b"\n", b" \r\n\r\n")
    plain, spaced = (mnist_loader.load_data(write(folder / "spaced", text)) for text in (data, spaced))
    assert plain == spaced


LINE = rows(*drawn(1, 1))


@pytest.mark.parametrize(
    "data, reason",
    [
        (LINE.replace(b"\n", b",0\n"), "line 1 has 786 values; expected 785"),
        (LINE + LINE.partition(b",")[2], "line 2 has 784 values; expected 785, the label and then 784"),
        (LINE[:-1] * 2, "line 1 has 1,569 values"),
        (HEADER + b"x" + LINE[1:], "line 2: 'x' is not a whole number from 0 to 255"),
        (LINE[:-1] + b"." + b"9" * 9999, r"line 1: '[0-9]+\.9+' is not a whole number"),
        (b"," * 784, "holds no image; expected lines of a label and then 784 pixels"),
        (HEADER + b"\n", "holds no image"),
        (LINE + b"23" + LINE[1:], "label 1: 23 is no digit from 0 to 9, but perhaps a letter"),
    ],
    ids=range(8),
)
def test_an_absurd_csv_file_is_refused(folder, data, reason):
    refused(write(folder / "absurd.csv", data), reason)


@pytest.mark.parametrize("value", ["256", "-1", "NaN", "0.5", "", "1e1", "٣"])
def test_a_pixel_is_a_whole_number(folder, value):
    path = write(folder / "pixel.csv", f"5{',0' * 783},{value}\n".encode())
    refused(path, f"line 1: '{value}' is not a whole number from 0 to 255$")
