#!/usr/bin/env bash
# Runs every linter, also after one has complained, and names at the end those that did.
set -uo pipefail
cd "$(dirname "$0")/.."

complaints=()
check() {
  printf '%s\n' "— $*"
  ".venv/bin/$1" "${@:2}" || complaints+=("$*")
}

check ruff check
check ruff format --check
check mypy
check lint-imports
check typos
check zizmor --offline --persona=auditor --no-progress --quiet .github
check check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
check check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml

if ((${#complaints[@]})); then
  printf 'lint: %s\n' "${complaints[@]}" >&2
  exit 1
fi
echo "lint: all clean"
