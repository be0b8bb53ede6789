#!/usr/bin/env bash
# What counting costs: the same gateway with its meters on and off, on the same machine, in turns; each is started anew
# several times, because what the JIT compiler makes of the same code differs by start.
#
# usage: bench/metrics.sh [STARTS] [ROUNDS] [SECONDS]
#
# Both are loaded with valid requests to a backend that costs next to nothing. "Off" is Micrometer's own switch: then counters
# do nothing, and no moment is noted. Fails where counting costs more than 3 % of the processor time.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

begin
for ((start = 1; start <= ${1:-3}; start++)); do
  echo "start $start"
  start_gateway on
  start_gateway off --management.metrics.enable.all=false
  sign_in on
  compare on off "${2:-4}" "${3:-8}" /api/x -H "Authorization: Bearer $TOKEN"
  echo "$RATIO" >> "$WORK/ratios"
  stop "${PID[on]}"
  stop "${PID[off]}"
done
RATIO=$(median < "$WORK/ratios")
printf 'processor time with meters: %.3f of that without\n' "$RATIO"
[[ $(calculate "$RATIO <= 1.03") == 1 ]] || fail "the meters cost more than 3 %"
