import pytest

from kgov.policy.round_numbers import Slip, size_slip, time_slip


@pytest.mark.parametrize(
    ("written", "shown", "meant", "how"),
    [
        ("5542880", "5.3 MiB", "5MiB", "one digit away from 5242880, 5MiB"),
        ("7340116", "7.0 MiB", "7MiB", "84 away from 7340032, 7MiB"),
        ("524294", "512.0 KiB", "512KiB", "6 away from 524288, 512KiB"),
        ("524880", "512.6 KiB", "5MiB", "one digit away from 5242880, 5MiB"),
        ("1073714824", "1024.0 MiB", "1GiB", None),
        ("1099511672776", "1.0 TiB", "1TiB", None),
    ],
)
def test_a_digits_slip_of_a_size_is_found(written, shown, meant, how) -> None:
    slip = size_slip(written)
    assert slip is not None
    assert (slip.shown, slip.meant) == (shown, meant)
    assert how is None or slip.how == how


@pytest.mark.parametrize(
    "written",
    [
        "1048588",
        "1000012",
        "2147483647",
        "1073741823",
        "8053063680",
        "10485760",
        "104857600",
        "1500000",
        "5000",
        "1048575",
        "3333",
        "20971532",
    ],
)
def test_round_sizes_and_kafkas_own_are_left_alone(written) -> None:
    assert size_slip(written) is None


@pytest.mark.parametrize(
    ("written", "shown", "meant"),
    [
        ("604300000", "6d23h51m40s", "7d"),
        ("60480000", "16h48m", "7d"),
        ("6048000000", None, None),
        ("604800", "10m4s800ms", "7d"),
        ("2592000", "43m12s", "30d"),
        ("259200001", "3d1ms", "3d"),
        ("608400000", None, None),
    ],
)
def test_a_digits_slip_of_a_time_is_found(written, shown, meant) -> None:
    slip = time_slip(written)
    assert (slip and slip.shown, slip and slip.meant) == (shown, meant)


@pytest.mark.parametrize(
    "written",
    [
        "300000",
        "20000000",
        "20000",
        "100",
        "0",
        "86399999",
        "86399000",
        "2628000000",
        "2629800000",
        "2764800000",
        "31557600000",
        "9223372036854775807",
        "5460000",
        "11100000",
        "12000",
    ],
)
def test_times_that_somebody_meant_are_left_alone(written) -> None:
    assert time_slip(written) is None


@pytest.mark.parametrize(("written", "shown"), [("3333333", "3.2 MiB"), ("5428280", "5.2 MiB")])
def test_a_size_that_is_round_in_no_unit_is_told(written, shown) -> None:
    assert size_slip(written) == Slip(shown, "", "no round size")


@pytest.mark.parametrize(("written", "shown"), [("999000", "16m39s"), ("2629746000", "30d10h29m6s")])
def test_a_time_that_is_round_in_no_unit_is_told(written, shown) -> None:
    assert time_slip(written) == Slip(shown, "", "no round time")
