#!/usr/bin/env bash
# What counting costs: the same gateway with its meters on and off, on the same machine in one run, in turns.
#
# usage: bench/metrics.sh [ROUNDS] [SECONDS]
#
# Each round loads both nodes one after the other, in an order that alternates, with valid requests to a backend that costs
# next to nothing. Two ratios of on to off are printed: of the requests a second, and of the processor time that the gateway
# took for a request, which is the steadier one where the load and the gateway share a machine. "Off" is Micrometer's own
# switch: then counters do nothing, and no moment is noted.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly ROUNDS=${1:-6} LENGTH=${2:-8}
readonly MOST=1.05
declare -A RATES=([on]=0 [off]=0) COSTS=([on]=0 [off]=0)

# The cost of a request in microseconds of processor time.
measure() {
  local name=$1 before after cost
  before=$(cpu_of "${PID[$name]}")
  load "$LENGTH" "http://127.0.0.1:${PORT[$name]}/api/x" -H "Authorization: Bearer $TOKEN"
  after=$(cpu_of "${PID[$name]}")
  cost=$(awk -v ms=$((after - before)) -v rate="$RATE" -v seconds="$LENGTH" 'BEGIN { print ms * 1000 / (rate * seconds) }')
  RATES[$name]=$(awk -v a="${RATES[$name]}" -v b="$RATE" 'BEGIN { print a + b }')
  COSTS[$name]=$(awk -v a="${COSTS[$name]}" -v b="$cost" 'BEGIN { print a + b }')
  printf '  %-4s %9.0f requests/s %7.1f us of processor time a request\n' "$name" "$RATE" "$cost"
}

begin
start_gateway on
start_gateway off --management.metrics.enable.all=false
sign_in on
for name in on off; do
  warm "http://127.0.0.1:${PORT[$name]}/api/x" -H "Authorization: Bearer $TOKEN"
done
for ((round = 1; round <= ROUNDS; round++)); do
  echo "round $round"
  if ((round % 2)); then measure on; measure off; else measure off; measure on; fi
done

awk -v on="${RATES[on]}" -v off="${RATES[off]}" -v cost_on="${COSTS[on]}" -v cost_off="${COSTS[off]}" -v most="$MOST" 'BEGIN {
  printf "throughput with meters / without: %.3f\n", on / off
  printf "processor time a request with meters / without: %.3f\n", cost_on / cost_off
  exit cost_on / cost_off <= most ? 0 : 1
}' || fail "the meters cost more than a twentieth"
