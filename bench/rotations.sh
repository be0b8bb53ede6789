#!/usr/bin/env bash
# What a rotation costs the node, beside a request through the filter chain whose access token is valid: the same gateway,
# the same backend, in turns. Each rotation is a request that brings only a refresh token, is forwarded, and whose answer
# brings the next one.
#
# usage: bench/rotations.sh [ROUNDS] [SECONDS]
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

begin
compile Rotations
start_gateway chain --latchkey.lane.enabled=false --latchkey.sign-in.per-address=1000 \
  --latchkey.sign-in.per-name-and-address=1000 --latchkey.sign-in.per-site=1000
sign_in chain

# The processor time of the sign-ins before is not counted: it prints what was used while it rotated.
rotate() {
  "$JAVA" -Xmx128m -XX:+UseSerialGC -cp "$WORK/classes" Rotations "${PORT[chain]}" 64 "$1" "${PID[chain]}"
}

warm "http://127.0.0.1:${PORT[chain]}/api/x" -H "Authorization: Bearer $TOKEN"
rotate "$WARM" > /dev/null
for ((round = 1; round <= ${1:-4}; round++)); do
  seconds=${2:-8}
  before=$(cpu_of "${PID[chain]}")
  load "$seconds" "http://127.0.0.1:${PORT[chain]}/api/x" -H "Authorization: Bearer $TOKEN"
  valid=$(calculate "($(cpu_of "${PID[chain]}") - $before) * 1000 / ($RATE * $seconds)")
  read -r rotations used < <(rotate "$seconds")
  cost=$(calculate "$used * 1000 / $rotations")
  printf 'valid %.0f a second, %.0f us; rotated %.0f a second, %.0f us; throughput %.2f\n' \
    "$RATE" "$valid" "$(calculate "$rotations / $seconds")" "$cost" "$(calculate "$rotations / $seconds / $RATE")"
done
unavailable=$(curl -sf "http://127.0.0.1:${MANAGEMENT[chain]}/actuator/prometheus" \
  | sed -n 's/^latchkey_rotations_total{.*row="unavailable".*} //p' | awk '{ sum += $1 } END { print sum + 0 }')
echo "rotations that ended unavailable: $unavailable"
