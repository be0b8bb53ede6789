#!/usr/bin/env bash
# What it costs to remember the sessions that have ended (docs/decisions/0007-restored-copies.md). First the class alone, with a
# million and with a hundred million of them: heap, and how many of 50 million other sessions it takes for one of them. Then
# a million tombstones in a real Redis, and a node that starts and reads them, beside one that had none.
#
#   bench/ended.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly MILLION=1000000
begin
compile Ended
ended() {
  "$JAVA" -XX:+UseSerialGC "-Xmx$1" -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" \
    dev.latchkey.gateway.denylist.Ended "${@:2}"
}
ended 256m fill "$MILLION" 50000000
ended 512m fill $((100 * MILLION)) 50000000

redis_memory() {
  redis-cli -p "$REDIS_PORT" info memory | sed -n 's/^used_memory:\([0-9]*\).*/\1/p'
}
# The heap after a collection, in KB.
heap_of() {
  "${JAVA_HOME:+$JAVA_HOME/bin/}jcmd" "$1" GC.run > /dev/null
  "${JAVA_HOME:+$JAVA_HOME/bin/}jcmd" "$1" GC.heap_info | awk '/ used / && !/Metaspace|class space/ {
    for (i = 1; i < NF; i++) if ($i == "used") { sub(/K.*/, "", $(i + 1)); sum += $(i + 1) } } END { print sum }'
}
remembered() {
  curl -sf "http://127.0.0.1:${MANAGEMENT[$1]}/actuator/health" | grep -qE "\"ended\":$2"
}

JAVA_OPTIONS="-Xmx512m -XX:+UseSerialGC $(newer)"
start_redis
start_gateway none
sleep 10
none=$(heap_of "${PID[none]}")
before=$(redis_memory)
ended 256m print "$MILLION" | redis-cli -p "$REDIS_PORT" --pipe > "$WORK/pipe.log"
printf 'in Redis %s: %.1f bytes a tombstone\n' "$(redis-server --version | sed 's/.*v=\([^ ]*\).*/\1/')" \
  "$(calculate "($(redis_memory) - $before) / $MILLION")"
start_gateway million
began=$SECONDS
until_true 120 remembered million '99[0-9]{4}|1000000' || fail "they were not read"
printf 'a node that starts has read them %d s after it answers; its heap is %.1f MB larger than without them\n' \
  $((SECONDS - began)) "$(calculate "($(heap_of "${PID[million]}") - $none) / 1000")"
