import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgov.manifest.scalars import former_reading, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("0", 0),
        ("-7", -7),
        ("+1", 1),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-1E-2", -0.01),
        (".inf", math.inf),
        ("-.inf", -math.inf),
    ],
)
def test_core_schema_of_yaml_1_2(text, value):
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_not_a_number_is_one():
    number = resolve(".nan")
    assert isinstance(number, float)
    assert math.isnan(number)


@pytest.mark.parametrize(
    "text", ["no", "on", "yes", "off", "y", "N", "0777", "08", "1:20", "1_000", "0b11", "2026-01-31"]
)
def test_what_yaml_1_1_read_otherwise_is_text(text):
    assert resolve(text) == text


@pytest.mark.parametrize(
    "text", ["1e999", "9" * 5000, "+", "-", ".", "1.2.3", "10.0.0.1", "3d", "-x", "0x", "0o9"]
)
def test_what_is_no_number_is_text(text):
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("no", "false"),
        ("Off", "false"),
        ("YES", "true"),
        ("y", "true"),
        ("0777", "an octal number"),
        ("-08", "an octal number"),
        ("1:20", "a number to the base 60"),
        ("190:20:30.15", "a number to the base 60"),
        ("0b1010_0111", "a binary number"),
        ("1_000", "a number"),
        ("0x_ff", "a number"),
        ("1_0.5", "a number"),
        ("1_000x", ""),
        ("nO", ""),
        ("10", ""),
        ("0", ""),
        ("10.0.0.1", ""),
        ("2026-01-31", ""),
        ("", ""),
        ("1" * 100, ""),
    ],
)
def test_readings_of_yaml_1_1_are_named(text, reading):
    assert former_reading(text) == reading


@given(st.text("0123456789+-._:eExob infantrulyo~", max_size=80))
def test_any_scalar_is_read(text):
    value = resolve(text)
    assert value is None or isinstance(value, str | int | float)
