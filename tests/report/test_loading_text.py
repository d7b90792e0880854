import subprocess
import sys

import pytest

from kgov.report import text


def test_showing_findings_loads_nothing_of_plans() -> None:
    asks = "'kgov.report.text.plan' in sys.modules"
    loads = f"import sys; from kgov.report.text import findings_full; sys.exit({asks})"
    subprocess.run([sys.executable, "-c", loads], check=True)


@pytest.mark.parametrize("name", text.__all__)
def test_each_form_is_found(name) -> None:
    assert callable(getattr(text, name))


def test_there_are_no_other_forms() -> None:
    with pytest.raises(AttributeError, match="has no attribute plan_texts"):
        text.plan_texts  # noqa: B018
