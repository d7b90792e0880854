import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import kgov.policy.rules
from kgov.policy.registry import CODES, RESERVED, RULES, register
from kgov.policy.rule import Stage

FILES = {path.stem for path in Path(kgov.policy.rules.__file__).parent.glob("kg*.py")}


def test_every_file_of_a_rule_is_registered_under_its_code_and_name() -> None:
    assert {f"{r.code.lower()}_{r.name.replace('-', '_')}" for r in RULES.values()} == FILES


def test_a_code_is_never_given_twice() -> None:
    rule = RULES["KG101"]
    with pytest.raises(RuntimeError, match="KG101"):
        register([rule, rule], {})


def test_a_name_is_never_given_twice() -> None:
    rule = RULES["KG101"]
    with pytest.raises(RuntimeError, match="KG199"):
        register([rule, replace(rule, code="KG199")], {})


def test_a_reserved_code_is_never_given() -> None:
    with pytest.raises(RuntimeError, match="taken"):
        register([RULES["KG101"]], {"KG101": "something-else"})


def test_rules_and_reserved_codes_do_not_overlap_and_make_up_all_codes() -> None:
    assert not RULES.keys() & RESERVED.keys()
    assert list(CODES) == sorted({*RULES, *RESERVED})


def test_exactly_the_rules_of_what_is_desired_have_a_check() -> None:
    # Whether somebody has agreed is looked up in kgov.approval, which knows of history and evidence.
    assert {code for code, rule in RULES.items() if rule.check or rule.check_findings} | {"KG506"} == {
        code for code, rule in RULES.items() if rule.stage is Stage.DESIRED
    }


def test_rules_give_way_only_to_rules_that_exist() -> None:
    assert {code for rule in RULES.values() for code in rule.yields_to} <= RULES.keys()


def test_plan_safety_cannot_be_lowered_and_two_of_it_can_be_waived() -> None:
    safety = [rule for code, rule in RULES.items() if code.startswith("KG9")]
    assert all(rule.fixed for rule in safety)
    assert {rule.code for rule in safety if not rule.unwaivable} == {"KG902", "KG903"}


def test_the_engine_loads_neither_pydantic_nor_yaml() -> None:
    heavy = "{'pydantic', 'pydantic_core', 'yaml'}"
    program = f"import sys, kgov.policy.engine, kgov.policy.page; print(*{heavy} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
