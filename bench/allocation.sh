#!/usr/bin/env bash
# How much of the heap a signed-in request takes, by the lane and through the filter chain: what the collector counts between
# two full collections, divided by the requests between them.
#
# usage: bench/allocation.sh [ROUNDS] [SECONDS]
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Bytes since the start.
allocated() {
  "${JAVA_HOME:+$JAVA_HOME/bin/}jcmd" "${PID[$1]}" GC.run > /dev/null
  sleep 0.5
  curl -sf "http://127.0.0.1:${MANAGEMENT[$1]}/actuator/prometheus" \
    | awk '/^jvm_gc_memory_allocated_bytes_total/ { printf "%.0f\n", $2 }'
}

begin
start_gateway chain --latchkey.lane.enabled=false
start_gateway lane
sign_in lane
for way in chain lane; do
  warm "http://127.0.0.1:${PORT[$way]}/api/x" -H "Authorization: Bearer $TOKEN"
done
seconds=${2:-10}
for ((round = 1; round <= ${1:-3}; round++)); do
  for way in chain lane; do
    before=$(allocated "$way")
    load "$seconds" "http://127.0.0.1:${PORT[$way]}/api/x" -H "Authorization: Bearer $TOKEN"
    bytes=$(calculate "($(allocated "$way") - $before) / ($RATE * $seconds)")
    echo "$bytes" >> "$WORK/$way.bytes"
    printf '  %-6s %7.0f bytes a request\n' "$way" "$bytes"
  done
done
for way in chain lane; do
  printf '%-6s %.0f bytes a request\n' "$way" "$(median < "$WORK/$way.bytes")"
done
