from dataclasses import replace

import pytest

from kgov.model.finding import Problem, Severity
from kgov.model.place import Place
from kgov.policy.registry import RULES
from kgov.policy.settings import nearest_code, setting_problems, strictest, tuned


@pytest.mark.parametrize("setting", ["error", "warning", "info"])
def test_a_setting_decides_the_severity(world, setting) -> None:
    world.tune(KG204=setting)
    assert tuned(RULES["KG204"], None, world.environment) == setting


def test_off_silences_a_rule(world) -> None:
    world.tune(KG204="off")
    assert tuned(RULES["KG204"], None, world.environment) is None


def test_without_a_setting_production_decides(world) -> None:
    rule = RULES["KG204"]
    assert tuned(rule, None, world.environment) is Severity.ERROR
    assert tuned(rule, None, replace(world.environment, production=False)) is Severity.WARNING
    assert tuned(rule, None, None) is Severity.ERROR


def test_what_a_rule_grades_itself_stands_unless_it_is_tuned(world) -> None:
    rule = RULES["KG101"]
    assert tuned(rule, Severity.INFO, world.environment) is Severity.INFO
    world.tune(KG101="warning")
    assert tuned(rule, Severity.INFO, world.environment) is Severity.WARNING


@pytest.mark.parametrize("code", ["KG001", "KG004", "KG008", "KG901", "KG902", "KG910"])
@pytest.mark.parametrize("setting", ["off", "info", "warning"])
def test_what_guards_the_rest_cannot_be_lowered(world, code, setting) -> None:
    world.tune(**{code: setting})
    world.rule_places[code] = Place("kgov.yaml", 7, 20)
    assert tuned(RULES[code], None, world.environment) is Severity.ERROR
    (problem,) = setting_problems(world.desired.project, world.environment)
    assert problem.code == "KG004"
    assert problem.place == Place("kgov.yaml", 7, 20)
    assert problem.message.startswith(f"rules: {code} ({RULES[code].name}) cannot be set to {setting}: ")


def test_saying_the_default_of_a_fixed_rule_is_fine(world) -> None:
    world.tune(KG901="error", KG204="off", KG208="warning")
    assert list(setting_problems(world.desired.project, world.environment)) == []


def test_an_unknown_rule_is_named_with_the_nearest(world) -> None:
    world.tune(KG2O4="off")
    assert list(setting_problems(world.desired.project, world.environment)) == [
        Problem(
            "KG004",
            'rules: there is no rule "KG2O4"',
            world.environment.place,
            hint="did you mean KG204 (too-few-replicas)?",
        )
    ]


def test_a_rule_is_found_by_its_name_too() -> None:
    assert nearest_code("too-few-replica") == "did you mean KG204 (too-few-replicas)?"


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert nearest_code("zzzzzzzzzz") == ""


def test_the_strictest_environment_decides_what_belongs_to_none(world) -> None:
    rule = RULES["KG005"]
    off = replace(world.environment, rules={"KG005": "off"})
    error = replace(world.environment, rules={"KG005": "error"})
    assert strictest(rule, None, []) is Severity.WARNING
    assert strictest(rule, None, [off, error, world.environment]) is Severity.ERROR
    assert strictest(rule, None, [off, off]) is None
