#!/usr/bin/env bash
# The tour of `make demo`: a real Kafka for as long as it lasts, and nothing left behind.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
exec kgov sandbox run -- scripts/demo-steps.sh
