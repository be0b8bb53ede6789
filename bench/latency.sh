#!/usr/bin/env bash
# How long a signed-in request takes at a constant rate through nginx, which only proxies, and by the lane: in turns, each
# time counted from the moment at which its request was due.
#
# Before that, each is loaded at this rate for $WARM seconds, the lane also at full load: at each of the two, other branches are
# taken, and while the JIT compiler works on them, it takes the processor from requests.
#
# usage: bench/latency.sh [STARTS] [ROUNDS] [SECONDS] [RATE]
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

begin
compile Latency
start_proxy
for ((start = 1; start <= ${1:-3}; start++)); do
  echo "start $start"
  start_gateway lane
  sign_in lane
  warm "http://127.0.0.1:${PORT[lane]}/api/x" -H "Authorization: Bearer $TOKEN"
  "$JAVA" -Xmx256m -XX:+UseSerialGC -cp "$WORK/classes" Latency "${4:-2000}" "$CONNECTIONS" "${3:-10}" "${2:-6}" "$WARM" "$TOKEN" \
    "nginx=${PORT[nginx]}" "lane=${PORT[lane]}" | tee -a "$WORK/latencies"
  stop "${PID[lane]}"
done
printf 'p99 by the lane: %.2f of that through nginx\n' \
  "$(sed -n 's/^p99 of lane: //p' "$WORK/latencies" | median)"
