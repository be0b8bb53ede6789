#!/usr/bin/env bash
# What a long body costs, down and up, beside nginx, which passes it on without storing it: in turns, on the same machine. Then
# the memory of the gateway while many clients read long answers slowly.
#
# usage: bench/bodies.sh [ROUNDS] [GIGABYTES] [READERS]
#
# Fails where memory grows while the slow readers read on.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly BYTES=$((${2:-1} * 1024 * 1024 * 1024)) READERS=${3:-500}

transfer() {
  case $2 in
    down) curl -sf -o /dev/null "http://127.0.0.1:${PORT[$1]}/open/x" ;;
    up) curl -sf -T "$WORK/large" "http://127.0.0.1:${PORT[$1]}/open/x" ;;
  esac || fail "a body did not come through $1"
}

# Milliseconds of processor time and of the clock for one body, in COST and TOOK.
measure() {
  local before began=${EPOCHREALTIME/./}
  before=$(cpu_of "${PID[$1]}")
  transfer "$@"
  TOOK=$(((${EPOCHREALTIME/./} - began) / 1000)) COST=$(($(cpu_of "${PID[$1]}") - before))
}

resident() {
  awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/${PID[lane]}/status"
}

begin
compile Bodies
port=$(free_port) UPSTREAM=http://127.0.0.1:$port
"$JAVA" -Xmx512m -Xss256k -cp "$WORK/classes" Bodies serve "$port" "$BYTES" > "$WORK/bodies.log" 2>&1 &
STARTED+=($!)
truncate -s "$BYTES" "$WORK/large"
until_true 20 bash -c "exec 3<> /dev/tcp/127.0.0.1/$port" || fail "the backend did not start"
start_proxy 'proxy_buffering off; proxy_request_buffering off; client_max_body_size 0;'
start_gateway lane
for way in down up down up; do
  transfer lane "$way"
done
for ((round = 1; round <= ${1:-5}; round++)); do
  for way in down up; do
    for side in nginx lane; do
      measure "$side" "$way"
      printf '  %-4s %-5s %5d ms of processor time, %5d ms\n' "$way" "$side" "$COST" "$TOOK"
      [[ $side != nginx ]] || nginx=$COST
    done
    calculate "$COST / $nginx" >> "$WORK/$way"
  done
done
for way in down up; do
  printf '%s: processor time %.2f of nginx\n' "$way" "$(median < "$WORK/$way")"
done

before=$(resident)
"$JAVA" -Xmx256m -cp "$WORK/classes" Bodies read "${PORT[lane]}" "$READERS" > "$WORK/read" 2>&1 &
STARTED+=($!)
until_true 60 grep -q 'all have begun' "$WORK/read" || fail "not all answers began: $(tail -n 3 "$WORK/read")"
sleep 10
early=$(resident)
sleep 20
late=$(resident)
kill -0 "${STARTED[-1]}" || fail "an answer ended: $(tail -n 3 "$WORK/read")"
printf 'memory: %d MB before, %d MB after 10 s of %d slow readers, %d MB after 30 s\n' "$before" "$early" "$READERS" "$late"
((late <= early + 16)) || fail "memory grew"
