#!/usr/bin/env bash
# Requests a second with few and with many routes: looked up in the index, and tried one after the other as the framework
# does. Both nodes run side by side and take turns, each request asks for a route at random, and the median counts.
#
#   bench/routes.sh                     10, 100, 1000 and 10000 routes, 5 rounds of 10 seconds each
#   ROUTES='10 1000' ROUNDS=3 SECONDS_EACH=5 bench/routes.sh
#
# The goal: with 1000 routes indexed, at least 95% of what 10 routes give.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly ROUTES=${ROUTES:-10 100 1000 10000} ROUNDS=${ROUNDS:-5} SECONDS_EACH=${SECONDS_EACH:-10}

write_many_routes() {
  awk -v count="$1" -v upstream="$UPSTREAM" 'BEGIN {
    print "version: 1\nroutes:"
    for (number = 0; number < count; number++) {
      printf "  - { id: r%d, match: { path: /api/service%d/** }, to: \"%s\", entry: { access: public } }\n",
        number, number, upstream
    }
  }' > "$WORK/routes.yml"
  printf 'request = function() return wrk.format("GET", "/api/service" .. math.random(0, %d) .. "/x") end\n' \
    "$(($1 - 1))" > "$WORK/random.lua"
}

# The words after its name, which start a jar, are arguments to it that it does not know.
start_linear() {
  JAVA_OPTIONS="$(options) -cp $WORK/classes:$WORK/app/lib/*:$WORK/app/own.jar LinearGateway" start_gateway linear
}

median() {
  sort -n | awk '{ all[NR] = $1 } END { print (NR % 2) ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}

measure() {
  local round way
  for way in linear indexed; do
    warm "http://127.0.0.1:${PORT[$way]}/" -s "$WORK/random.lua"
    : > "$WORK/$way.rates"
  done
  for ((round = 0; round < ROUNDS; round++)); do
    for way in linear indexed; do
      load "$SECONDS_EACH" "http://127.0.0.1:${PORT[$way]}/" -s "$WORK/random.lua"
      echo "$RATE" >> "$WORK/$way.rates"
    done
  done
}

begin
start_upstream
start_redis
compile LinearGateway
first=''
printf '%8s  %12s  %12s  %s\n' routes linear/s indexed/s 'indexed, of the first'
for count in $ROUTES; do
  write_many_routes "$count"
  start_linear
  start_gateway indexed
  measure
  linear=$(median < "$WORK/linear.rates") indexed=$(median < "$WORK/indexed.rates")
  first=${first:-$indexed}
  printf '%8d  %12.0f  %12.0f  %.1f%%\n' "$count" "$linear" "$indexed" "$(awk "BEGIN { print 100 * $indexed / $first }")"
  stop "${PID[linear]}"
  stop "${PID[indexed]}"
done
