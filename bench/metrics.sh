#!/usr/bin/env bash
# What it costs to see what happens: the same gateway with its meters on and off, and then with access log and request ids on
# and off, on the same machine, in turns; each is started anew several times, because what the JIT compiler makes of the same
# code differs by start.
#
# usage: bench/metrics.sh [STARTS] [ROUNDS] [SECONDS]
#
# All are loaded with valid requests to a backend that costs next to nothing. "Off" is Micrometer's own switch: then counters
# do nothing, and no moment is noted. The access log writes a line for each request to a file. Fails where counting costs more
# than 3 % of the processor time, or access log and request ids more than 5 %.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly STARTS=${1:-3} ROUNDS=${2:-4} LENGTH=${3:-8}

# costs WHAT LIMIT ONE-ARGUMENT... -- OTHER-ARGUMENT...
costs() {
  local what=$1 limit=$2 start
  local -a one=() other=()
  shift 2
  while [[ $1 != -- ]]; do
    one+=("$1")
    shift
  done
  shift
  other=("$@")
  rm -f "$WORK/ratios"
  for ((start = 1; start <= STARTS; start++)); do
    echo "$what, start $start"
    start_gateway with "${one[@]}"
    start_gateway without "${other[@]}"
    sign_in with
    compare with without "$ROUNDS" "$LENGTH" /api/x -H "Authorization: Bearer $TOKEN"
    check_lines
    echo "$RATIO" >> "$WORK/ratios"
    stop "${PID[with]}"
    stop "${PID[without]}"
  done
  RATIO=$(median < "$WORK/ratios")
  printf 'processor time with %s: %.3f of that without\n' "$what" "$RATIO"
  [[ $(calculate "$RATIO <= $limit") == 1 ]] || FAILED+=("$what: more than $limit of the processor time")
}

# A line that is dropped costs next to nothing.
check_lines() {
  local lost
  [[ -f $WORK/access.log ]] || return 0
  lost=$(curl -sf "http://127.0.0.1:${MANAGEMENT[with]}/actuator/prometheus" \
    | awk '/^latchkey_access_log_dropped_total/ { lost = $2 } END { print lost + 0 }')
  [[ $(calculate "$lost <= 0.001 * $(wc -l < "$WORK/access.log")") == 1 ]] || fail "$lost lines of the access log were dropped"
}

declare -a FAILED=()

begin
costs 'meters' 1.03 --latchkey.request-id.enabled=false \
  -- --latchkey.request-id.enabled=false --management.metrics.enable.all=false
costs 'access log and request ids' 1.05 --latchkey.access-log.mode=on --latchkey.access-log.file="$WORK/access.log" \
  -- --latchkey.request-id.enabled=false
((${#FAILED[@]} == 0)) || fail "${FAILED[*]}"
