#!/usr/bin/env bash
# What a signed-in request costs with many live sessions in turn, beside one with ten: on the same node, in turns; and what the
# first request of each costs, whose tokens are verified and signed. JAVA_HOME chooses the JDK.
#
# usage: bench/sessions.sh [ROUNDS] [SECONDS] [HEAP DENIED SESSIONS...]
#
# A round should be longer than the 15 s between two readings of the denylist, whose costs fall on either side by chance.
#
# DENIED is how many entries the denylist has. Without it, as many as a node is said to hold: 100,000 and 200,000 sessions with
# 512 MB of heap, then 100,000 and 1,000,000 with 3 GB and a million entries.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly FEW=10 ACCESS_TTL=1h

# Loads with the tokens of a file in turn; the processor time of a request in COST.
measure() {
  local before
  before=$(cpu_of "${PID[lane]}")
  TOKENS=$WORK/access-$1 load "$seconds" "http://127.0.0.1:${PORT[lane]}/" -s "$REPO/bench/sessions.lua"
  COST=$(calculate "($(cpu_of "${PID[lane]}") - $before) * 1000 / ($RATE * $seconds)")
}

# Until each token was used once, and what that took of the processor for each. wrk ends by itself only after its time.
fill() {
  local before ended=$WORK/used
  rm -f "$ended".*
  before=$(cpu_of "${PID[lane]}")
  TOKENS=$WORK/access-$1 ENDED=$ended wrk -t2 -c"$CONNECTIONS" -d600s --timeout 10s -s "$REPO/bench/sessions.lua" \
    "http://127.0.0.1:${PORT[lane]}/" > "$WORK/fill" &
  until_true 590 test -f "$ended.0" -a -f "$ended.1" || fail "not every token was used"
  printf '  %9d sessions: the first request of each %4.0f us of processor time\n' "$1" \
    "$(calculate "($(cpu_of "${PID[lane]}") - $before) * 1000 / $1")"
  kill -INT $!
  wait $! || true
  ! grep -qE 'Non-2xx|Socket errors' "$WORK/fill" || fail "not every answer was a 2xx: $(cat "$WORK/fill")"
}

deny() {
  "$JAVA" -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" Sessions denied "$1" \
    | redis-cli -p "$REDIS_PORT" --pipe > "$WORK/pipe.log"
}

is_denied() {
  curl -sf "http://127.0.0.1:${MANAGEMENT[lane]}/actuator/prometheus" \
    | awk -v least="$1" '/^latchkey_denylist_entries.*session/ { found = $2 } END { exit !(found >= least) }'
}

run() {
  local heap=$1 denied=$2 round count few
  shift 2
  for count in "$FEW" "$@"; do
    [[ -f $WORK/access-$count ]] || sessions access "$count" "$WORK/access-$count"
  done
  echo "heap $heap, $denied entries of the denylist"
  ((denied == 0)) || deny "$denied"
  JAVA_OPTIONS="-Xmx$heap -XX:+UseParallelGC $(newer)" start_gateway lane
  until_true 120 is_denied "$denied" || fail "the node does not know the denylist"
  TOKENS=$WORK/access-$FEW warm "http://127.0.0.1:${PORT[lane]}/" -s "$REPO/bench/sessions.lua"
  for count in "$@"; do
    fill "$count"
    for ((round = 1; round <= rounds; round++)); do
      measure "$FEW"
      few=$COST
      measure "$count"
      printf '  %9d sessions: %4.0f us of processor time, %d: %4.0f us\n' "$count" "$COST" "$FEW" "$few"
      calculate "$COST / $few" >> "$WORK/ratios-$heap-$count"
    done
  done
  for count in "$@"; do
    printf '%d sessions in turn, heap %s: processor time %.2f of ten\n' "$count" "$heap" \
      "$(median < "$WORK/ratios-$heap-$count")"
  done
  stop "${PID[lane]}"
}

begin
rounds=${1:-3} seconds=${2:-32}
compile Sessions
start_redis
if (($# > 2)); then
  run "${@:3}"
else
  run 512m 0 100000 200000
  run 3g 1000000 100000 1000000
fi
