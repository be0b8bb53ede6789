#!/usr/bin/env bash
# What a signed-in request costs on each way: by the lane, through the filter chain, through Spring Cloud Gateway, which looks
# at no token, and through nginx, which only proxies. Spring Cloud Gateway is there twice: bare, without its meters, and with
# them, as it has them by default beside Actuator; the lane and the chain have theirs. All run side by side on the same machine
# and take turns; each is started anew for each series, because what the JIT compiler makes of the same code differs by start.
#
# usage: bench/ways.sh [SERIES] [ROUNDS] [SECONDS]
#
# Prints requests a second and processor time a request for each, and the medians of the ratios to the others.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly WAYS=(nginx bare metered chain lane)
readonly FRAMEWORK=spring.cloud.gateway.server.webflux

start_all() {
  start_proxy
  start_bare
  start_bare metered --$FRAMEWORK.metrics.enabled=true --$FRAMEWORK.observability.enabled=true
  start_gateway chain --latchkey.lane.enabled=false
  start_gateway lane
  sign_in lane
}

stop_all() {
  local way
  for way in "${WAYS[@]}"; do
    stop "${PID[$way]}"
  done
}

# One round: each way once, beginning with another one each time; the ratios go to files.
round() {
  local number=$1 seconds=$2 way other step before
  local -A rates=() costs=()
  for ((step = 0; step < ${#WAYS[@]}; step++)); do
    way=${WAYS[$(((number + step) % ${#WAYS[@]}))]}
    before=$(cpu_of "${PID[$way]}")
    load "$seconds" "http://127.0.0.1:${PORT[$way]}/api/x" -H "Authorization: Bearer $TOKEN"
    rates[$way]=$RATE
    costs[$way]=$(calculate "($(cpu_of "${PID[$way]}") - $before) * 1000 / ($RATE * $seconds)")
    printf '  %-7s %9.0f requests/s %7.1f us of processor time a request\n' "$way" "$RATE" "${costs[$way]}"
  done
  for way in "${WAYS[@]}"; do
    calculate "${rates[$way]} / ${rates[nginx]}" >> "$WORK/rates.$way.nginx"
    for other in bare metered; do
      calculate "${rates[$way]} / ${rates[$other]}" >> "$WORK/rates.$way.$other"
      calculate "${costs[$way]} / ${costs[$other]}" >> "$WORK/costs.$way.$other"
    done
  done
}

begin
start_upstream
for ((series = 1; series <= ${1:-3}; series++)); do
  echo "series $series"
  start_all
  for way in bare metered chain lane; do
    warm "http://127.0.0.1:${PORT[$way]}/api/x" -H "Authorization: Bearer $TOKEN"
  done
  for ((number = 1; number <= ${2:-4}; number++)); do
    round "$number" "${3:-8}"
  done
  stop_all
done
for way in "${WAYS[@]}"; do
  printf '%-7s throughput %.2f of bare, %.2f of metered, %.2f of nginx; processor time %.2f of bare, %.2f of metered\n' "$way" \
    "$(median < "$WORK/rates.$way.bare")" "$(median < "$WORK/rates.$way.metered")" "$(median < "$WORK/rates.$way.nginx")" \
    "$(median < "$WORK/costs.$way.bare")" "$(median < "$WORK/costs.$way.metered")"
done
