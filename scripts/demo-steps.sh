#!/usr/bin/env bash
# The steps of the tour. `kgov sandbox run` has started a Kafka and says how to reach it in KGOV_BOOTSTRAP_SERVER
# and KGOV_COMMAND_CONFIG, which kgov reads by itself. A step that ends otherwise than told stops the tour.
set -euo pipefail

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' dim='' plain=''
fi

step=0
title() { # TEXT
  step=$((step + 1))
  printf '\n%s%d. %s%s\n' "$bold" "$step" "$1" "$plain"
}

echo_command() { # COMMAND…
  local word
  printf '\n%s$' "$bold"
  for word in "$@"; do
    if [[ $word == *' '* ]]; then word="'$word'"; fi
    printf ' %s' "$word"
  done
  printf '%s\n' "$plain"
}

ends_with() { # EXIT CODE, WHAT IT MEANS, COMMAND…
  local wanted=$1 meaning=$2 code=0
  shift 2
  echo_command "$@"
  "$@" || code=$?
  if ((code != wanted)); then
    printf 'demo: expected exit %d (%s), got %d\n' "$wanted" "$meaning" "$code" >&2
    exit 1
  fi
  printf '%s(exit %d: %s)%s\n' "$dim" "$code" "$meaning" "$plain"
}

saved=build/demo
order=commerce.commandes.ordre.created.v1
mkdir -p "$saved"

title 'Check the manifests, offline: names, retention, replicas, rights'
ends_with 0 'nothing to complain about' kgov validate

title 'Plan: what would change on this empty cluster; saved, so that exactly this can be applied'
ends_with 2 'there are changes' kgov plan --env dev --detailed-exitcode -o "$saved/first.json"

title 'Apply that very plan'
ends_with 0 'all done' kgov apply "$saved/first.json"

title 'Plan again: manifests and cluster agree'
ends_with 0 'no changes' kgov plan --env dev --detailed-exitcode

title 'And apply again: not one write'
ends_with 0 'nothing to do' kgov apply --env dev --yes

title 'Meanwhile, behind the back of kgov, somebody is in a hurry'
ends_with 0 'four things are no longer as the manifests say' python scripts/demo_drift.py

title 'Audit finds it; it only reads'
ends_with 2 'drift' kgov audit --env dev

title 'Plan the way back'
ends_with 2 'there are changes' kgov plan --env dev --detailed-exitcode -o "$saved/mend.json"

title 'Shortening a retention destroys records, so apply refuses until somebody answers for it'
ends_with 4 'refused, nothing was written' kgov apply "$saved/mend.json"
ends_with 0 'all done' kgov apply "$saved/mend.json" \
  --allow "data-loss=Topic/$order" --reason 'the inquiry is closed, 7 days are enough again' \
  --report "$saved/report.json"

title 'Audit is at peace; the topic that no manifest names is reported and left alone'
ends_with 0 'no drift' kgov audit --env dev

printf '\n%sThat was the tour.%s Next: edit a file under topics/, then `make demo` again, or read docs/.\n' "$bold" "$plain"
