"""A rule's page, as Markdown for ``docs/rules`` and as text for ``kgov explain``, from one source."""

from collections.abc import Iterator, Mapping
from textwrap import fill, indent
from typing import Final

from kgov.model.finding import Severity
from kgov.policy.registry import CODES, RULES
from kgov.policy.rule import IN_PRODUCTION, Example, Rule, Scene, Stage
from kgov.policy.wording import listed

PLAIN_PROJECT: Final = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
"""
"""The kgov.yaml of examples that show none."""

FAMILIES: Final[Mapping[str, str]] = {
    "KG0": "Reading",
    "KG1": "Names and ownership",
    "KG2": "Topics",
    "KG3": "Access",
    "KG4": "Retention",
    "KG5": "Personal and sensitive data",
    "KG7": "Capacity",
    "KG8": "Waivers and consents",
    "KG9": "Plan safety",
}

_WHERE: Final[Mapping[Stage, str]] = {
    Stage.READING: "Found while kgov reads the repository.",
    Stage.DESIRED: "Checked for each environment, by `kgov validate` and by plan, apply and audit.",
    Stage.PLANNING: "Found when a plan is made or applied.",
}

_MEANS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "Error (exit code 3)",
    Severity.WARNING: "Warning (stops nothing)",
    Severity.INFO: "Info (a remark, stops nothing)",
}

_ABOUT_WAIVERS: Final = "docs/manifests.md#waiver"
_WAIVERS_LINK: Final = "[Waiver](../manifests.md#waiver)"
"""Where Waivers are described: a link in Markdown, and a path for whoever reads in a terminal."""


def page_markdown(rule: Rule) -> str:
    """Write the page of a rule as it stands in ``docs/rules``."""
    page = rule.page
    parts = [
        f"# {rule.code} {rule.name}",
        _standing(rule),
        f"## What it does\n\n{page.what}",
        f"## Why\n\n{page.why}",
        "## Example that fails",
        *map(_example, page.failing),
        "## Example that passes",
        *map(_example, page.passing),
        f"## How to fix\n\n{page.fix}",
        "## Settings\n\n"
        + "\n".join(f"- {line}" for line in _settings(rule)).replace(_ABOUT_WAIVERS, _WAIVERS_LINK),
        "## See also\n\n" + "\n".join(f"- {_link(code)}" for code in page.see),
    ]
    return "\n\n".join(parts) + "\n"


def page_text(rule: Rule, width: int = 80) -> str:
    """Write the page of a rule for a terminal of ``width`` columns; only examples may be wider."""
    page = rule.page
    inner = width - 2
    parts = [
        f"{rule.code} {rule.name}",
        _wrapped(_standing(rule), width),
        _section("What it does", _wrapped(page.what, inner)),
        _section("Why", _wrapped(page.why, inner)),
        _section("Example that fails", *(_plain_example(example, inner) for example in page.failing)),
        _section("Example that passes", *(_plain_example(example, inner) for example in page.passing)),
        _section("How to fix", _wrapped(page.fix, inner)),
        _section("Settings", _wrapped("\n".join(f"- {line}" for line in _settings(rule)), inner)),
        _section("See also", _wrapped(listed(f"{code} ({CODES[code]})" for code in page.see), inner)),
    ]
    return "\n\n".join(parts) + "\n"


def index_markdown() -> str:
    """Write the index of all pages."""
    families = [
        f"## {title}\n\n| code | name | severity |\n|---|---|---|\n"
        + "\n".join(_row(rule) for code, rule in RULES.items() if code.startswith(family))
        for family, title in FAMILIES.items()
    ]
    return "\n\n".join((_INTRODUCTION, *families)) + "\n"


def pages() -> Mapping[str, str]:
    """Write every file of ``docs/rules``, by name."""
    return {"README.md": index_markdown()} | {f"{code}.md": page_markdown(rule) for code, rule in RULES.items()}


_INTRODUCTION: Final = f"""\
# Rules

Every finding of kgov has a code with a page here; `kgov explain KG101` shows the same page in a terminal.
Codes are never used again for something else.

Where an example shows no `kgov.yaml`, it is this one:

```yaml
{PLAIN_PROJECT}```

Examples show one thing and leave out the rest: beside what the page is about, kgov may have a warning or a
remark about them (that nobody says how long records stay, say), and never another error.

## What to do with a finding

Mend what its page says under "How to fix", or change how much the rule weighs, or set it aside:

**Severity.** An error ends `kgov validate`, and every command that would call a cluster, with exit code 3.
Warnings and infos are shown and stop nothing. In kgov.yaml a severity can be changed for all environments or
for one: `rules: {{KG204: warning}}` with `error`, `warning`, `info` or `off`. Rules that guard what was read
or what is applied cannot be lowered; their pages say so. Plan safety (`KG9xx`) is about a plan, not about
manifests: its pages give the exit codes.

**Waivers.** A [Waiver](../manifests.md#waiver) sets one rule aside for one resource, until a day, with a
reason and an owner. It is a file under `policies/`, and goes through review like everything else. The finding
is still shown, and does not count:

```yaml
apiVersion: kgov/v1
kind: Waiver
metadata: {{name: legacy-orders}}
spec:
  rule: KG101
  resource: Topic/legacy_orders
  reason: The warehouse reads this name until it is replaced in spring.
  owner: orders
  expires: 2027-03-31
```

**One fault, one finding.** A finding that only follows from another one on the same resource or at the same
place is left out until that one is mended, unless it weighs more: an illegal name is not also said to miss
the convention. What a manifest says that could not be read is not taken for missing either: no grant on its
topic is called a grant on nothing.

## Words

| word | means |
|---|---|
| manifest | a YAML document with `apiVersion: kgov/v1` and a `kind`, under `topics/`, `acls/` or `policies/` |
| environment | one cluster, by the name that it has in kgov.yaml |
| defaults | what kgov.yaml says for all topics of an environment |
| category | a RetentionCategory: retention and cleanup policy for all topics that name it |
| overlay | what differs in one environment: `environments: {{prod: {{partitions: 24}}}}` under `spec` |
| effective value | what category, defaults, manifest and overlay come to: `kgov explain Topic/NAME` shows it |
| grant | an entry of an Access: a role, and what it is for |
| binding | one ACL as Kafka keeps it; an Acl writes it out, a role stands for several |
| Allow, Deny | bindings with `permission: allow` (when not said) and `permission: deny` |
| principal | who asks, as Kafka knows it: `User:billing` |
| operator | a principal of a Team with `operators: true`: it may operate the cluster |
| deprecated, retired | `lifecycle: {{state: …}}` of a topic; retired means that kgov plans its deletion |
| live, managed | on the cluster now; ours to change |
| base revision | what a change is compared with: mostly the target branch of the pull request |"""


def _standing(rule: Rule) -> str:
    """Say how much a finding weighs, and who finds it."""
    where = _WHERE[rule.stage]
    if rule.severity == IN_PRODUCTION:
        return f"Error (exit code 3) in environments with `production: true`, warning elsewhere. {where}"
    # What a plan's findings end with is told by their pages.
    weight = _severity(rule) if rule.stage is Stage.PLANNING else _MEANS[Severity(rule.severity)]
    return f"{weight}. {where}"


def _severity(rule: Rule) -> str:
    if rule.severity == IN_PRODUCTION:
        return "Error in production, warning elsewhere"
    return Severity(rule.severity).capitalize()


def _row(rule: Rule) -> str:
    return f"| [{rule.code}]({rule.code}.md) | {rule.name} | {_severity(rule).lower()} |"


def _link(code: str) -> str:
    return f"[{code} {CODES[code]}]({code}.md)"


def _example(example: Example | Scene) -> str:
    if isinstance(example, Scene):
        return example.text
    blocks = [f"`{path}`\n\n```yaml\n{text}```" for path, text in example.files.items()]
    if example.says:
        blocks.append(f"kgov says:\n\n```text\n{example.says}\n```")
    return "\n\n".join(blocks)


def _plain_example(example: Example | Scene, width: int) -> str:
    if isinstance(example, Scene):
        return _wrapped(example.text, width)
    blocks = [f"{path}\n{indent(text.rstrip(), '    ')}" for path, text in example.files.items()]
    if example.says:
        blocks.append(_wrapped(f"kgov says: {example.says}", width))
    return "\n\n".join(blocks)


def _wrapped(text: str, width: int) -> str:
    """Fill paragraphs and list items again, for another width."""
    return "\n\n".join(
        "\n".join(_filled(item, width) for item in paragraph.replace("\n- ", "\0- ").split("\0"))
        for paragraph in text.split("\n\n")
    )


def _filled(text: str, width: int) -> str:
    hanging = "  " if text.startswith("- ") else ""
    words = " ".join(text.split())
    return fill(words, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def _section(title: str, *paragraphs: str) -> str:
    return f"{title}\n" + indent("\n\n".join(paragraphs), "  ")


def _settings(rule: Rule) -> Iterator[str]:
    if rule.fixed:
        yield f"Its severity is fixed, `rules:` of kgov.yaml cannot lower it: {rule.fixed}."
    else:
        yield (
            f"`rules: {{{rule.code}: warning}}` in kgov.yaml changes its severity (`error`, `warning`, `info`, "
            "`off`), for all environments or under one."
        )
    if rule.unwaivable:
        yield f"It cannot be waived: {rule.unwaivable}."
    else:
        yield (
            "A Waiver can set it aside for one resource until a day. Under `policies/`, with the resource that "
            f"the finding names: `kind: Waiver`, `spec: {{rule: {rule.code}, resource: KIND/NAME, reason: …, "
            f"owner: TEAM, expires: YYYY-MM-DD}}`. See {_ABOUT_WAIVERS}."
        )
    if rule.yields_to:
        codes = listed(rule.yields_to, "or")
        yield f"Not reported where {codes} is reported on the same resource and weighs as much or more."
    if rule.yields_at:
        codes = listed(rule.yields_at, "or")
        yield f"Not reported where {codes} is reported at the same place and weighs as much or more."
