#!/usr/bin/env bash
# Makes .venv with kgov in it, editable, and everything that demo, test and lint need.
# With --newest: writes constraints.txt from the newest versions that pyproject.toml allows, in a throw-away place.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
  printf 'error: %s\n' "$1" >&2
  printf '       %s\n' "${@:2}" >&2
  exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local candidate candidates=(python3 python3.13 python3.12 python3.11)
  if [[ -n ${PYTHON:-} ]]; then candidates=("$PYTHON"); fi
  for candidate in "${candidates[@]}"; do
    if command -v "$candidate" >/dev/null && new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  local found
  found=$("${candidates[0]}" --version 2>/dev/null) || found=missing
  stop "kgov needs Python 3.11 or newer, and ${candidates[0]} is $found" \
    "Install one, or name one that is not on the PATH: make PYTHON=/path/to/python3.12 …"
}

make_venv() { # DIRECTORY
  local python
  python=$(find_python)
  echo "Making a virtual environment with $python (once, about a minute) …" >&2
  "$python" -m venv --clear "$1" ||
    stop "$python cannot make a virtual environment" \
      "On Debian and Ubuntu, its module venv is a package of its own: apt install python3-venv"
}

install_into() { # DIRECTORY, pip's arguments
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}" ||
    stop "pip could not install what kgov needs (see above)" \
      "Behind a proxy or with a mirror, set PIP_INDEX_URL or HTTPS_PROXY and run the same command again."
}

if [[ ${1:-} == --newest ]]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  make_venv "$scratch"
  install_into "$scratch" '.[dev,sandbox]'
  {
    sed -n '/^#/p' constraints.txt
    "$scratch/bin/python" -m pip freeze --disable-pip-version-check --exclude kgov
  } >"$scratch/constraints.txt"
  cp "$scratch/constraints.txt" constraints.txt
  exit
fi

if ! [[ -x .venv/bin/python ]] || ! new_enough .venv/bin/python; then
  make_venv .venv
else
  echo "Bringing .venv up to date …" >&2
fi
install_into .venv --constraint constraints.txt --editable '.[dev,sandbox]'
# What is installed by pip is compiled, but not what is editable: where Python is told to keep no bytecode, each run
# would compile all of kgov anew, which takes longer than everything else that happens at its start.
.venv/bin/python -m compileall -q src
touch .venv/.ready
