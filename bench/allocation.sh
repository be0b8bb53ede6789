#!/usr/bin/env bash
# How much of the heap a signed-in request takes, by the lane and through the filter chain: what the collector counts between
# two full collections, divided by the requests between them. The compiler decides what it need not allocate, so both are
# warmed first, for $WARM seconds (15) each; all in all it takes about 80 seconds.
#
# usage: bench/allocation.sh [ROUNDS] [SECONDS]
WARM=${WARM:-15}
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Bytes since the start.
allocated() {
  timeout 30 "${JAVA_HOME:+$JAVA_HOME/bin/}jcmd" "${PID[$1]}" GC.run > /dev/null
  sleep 0.5
  curl -sf --max-time 10 "http://127.0.0.1:${MANAGEMENT[$1]}/actuator/prometheus" \
    | awk '/^jvm_gc_memory_allocated_bytes_total/ { printf "%.0f\n", $2 }'
}

begin
start_gateway chain --latchkey.lane.enabled=false
start_gateway lane
sign_in lane
for way in chain lane; do
  warm "http://127.0.0.1:${PORT[$way]}/api/x" -H "Authorization: Bearer $TOKEN"
done
seconds=${2:-4}
for ((round = 1; round <= ${1:-3}; round++)); do
  for way in chain lane; do
    before=$(allocated "$way")
    load "$seconds" "http://127.0.0.1:${PORT[$way]}/api/x" -H "Authorization: Bearer $TOKEN"
    after=$(allocated "$way")
    bytes=$(calculate "($after - $before) / ($RATE * $seconds)")
    echo "$bytes" >> "$WORK/$way.bytes"
    printf '  %-6s %7.0f bytes a request\n' "$way" "$bytes"
  done
done
for way in chain lane; do
  printf '%-6s %.0f bytes a request\n' "$way" "$(median < "$WORK/$way.bytes")"
done
