#!/usr/bin/env bash
# What a signed-in request costs with many live sessions in turn, beside one with ten, on a node that holds a million entries of
# the denylist: on the same node, in turns. HEAP chooses the heap, JAVA_HOME the JDK.
#
# usage: bench/sessions.sh [ROUNDS] [SECONDS] [SESSIONS...]
#
# Without SESSIONS: 200,000 with 512 MB of heap and 1,000,000 with 3 GB, as the node is said to hold them, and 100,000 with both.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly DENIED=${DENIED:-1000000} FEW=10 ACCESS_TTL=1h

# Loads with the tokens of a file in turn; the processor time of a request in COST.
measure() {
  local before
  before=$(cpu_of "${PID[lane]}")
  TOKENS=$WORK/access-$1 load "$seconds" "http://127.0.0.1:${PORT[lane]}/" -s "$REPO/bench/sessions.lua"
  COST=$(calculate "($(cpu_of "${PID[lane]}") - $before) * 1000 / ($RATE * $seconds)")
}

# Until each token was used once, and what that took of the processor for each.
fill() {
  local before
  before=$(cpu_of "${PID[lane]}")
  TOKENS=$WORK/access-$1 ONCE=1 wrk -t2 -c"$CONNECTIONS" -d600s --timeout 10s -s "$REPO/bench/sessions.lua" \
    "http://127.0.0.1:${PORT[lane]}/" > "$WORK/fill"
  printf '  %9d sessions: the first request of each %4.0f us of processor time\n' "$1" \
    "$(calculate "($(cpu_of "${PID[lane]}") - $before) * 1000 / $1")"
}

denied() {
  curl -sf "http://127.0.0.1:${MANAGEMENT[lane]}/actuator/prometheus" \
    | awk '/^latchkey_denylist_entries.*session/ { exit !($2 >= '"$DENIED"') }'
}

with_heap() {
  local heap=$1 round count
  shift
  echo "heap $heap, $DENIED entries of the denylist"
  JAVA_OPTIONS="-Xmx$heap -XX:+UseParallelGC" start_gateway lane
  until_true 120 denied || fail "the node does not know the denylist"
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
rounds=${1:-3} seconds=${2:-8} counts=("${@:3}")
compile Sessions
start_redis
"$JAVA" -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" Sessions denied "$DENIED" \
  | redis-cli -p "$REDIS_PORT" --pipe > "$WORK/pipe.log"
if ((${#counts[@]} > 0)); then
  runs=("${HEAP:-512m} ${counts[*]}")
else
  runs=('512m 100000 200000' '3g 100000 1000000')
fi
for count in $(printf '%s\n' "$FEW" "${runs[@]#* }" | tr ' ' '\n' | sort -nu); do
  sessions access "$count" "$WORK/access-$count"
done
for run in "${runs[@]}"; do
  # shellcheck disable=SC2086 # a heap and several counts
  with_heap $run
done
