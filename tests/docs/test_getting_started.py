"""The first repository that a newcomer writes must pass."""

import re
from pathlib import Path

from kgov.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "getting-started.md"
FILE = re.compile(r"^`([\w/.-]+\.yaml)`[^\n]*:\n\n```yaml\n(.*?)```", re.MULTILINE | re.DOTALL)


def test_the_repository_of_the_page_passes_validate(tmp_path, capsys):
    files = dict(FILE.findall(PAGE.read_text(encoding="utf-8")))
    assert set(files) == {"kgov.yaml", "topics/orders.yaml", "acls/order-service.yaml"}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert run(["-C", str(tmp_path), "validate", "--format", "concise"]) == 0
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == ["KG205", "KG316"]
