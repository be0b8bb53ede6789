#!/usr/bin/env bash
# What a rotation costs the node, beside a request through the filter chain whose access token is valid: the same node, the
# same backend, in turns; and beside one through Spring Cloud Gateway as it comes, which looks at no token. A rotation is a
# request that brings nothing but a refresh token, is forwarded, and whose answer brings the next one. Fails where a rotation
# was unavailable.
#
# usage: bench/rotations.sh [STARTS] [ROUNDS] [SECONDS]
#
# So many sessions (COUNT) rotate in turn that the access token of each has expired by then (6 s here), as it has where users
# rotate. With EARLY=1 none has: each rotation also denies the token before, and all nodes are told, as at POST /auth/refresh.
# With LATE=50, each answer of Redis takes 50 ms more.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly COUNT=${COUNT:-130000}
export ROTATIONS
[[ -n ${EARLY:-} ]] || ACCESS_TTL=6s

begin
compile Sessions
USERS=$WORK/users.yml ROTATIONS=$WORK/rotations
"$JAVA" -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" Sessions users "$COUNT" > "$USERS"

# The Redis of the node, in REDIS_PORT.
late() {
  local port
  port=$(free_port)
  compile LateAnswers
  "$JAVA" -Xmx256m -cp "$WORK/classes" LateAnswers "$port" "$REDIS_PORT" "$LATE" &
  STARTED+=($!)
  until_true 10 redis-cli -p "$port" ping || fail "nothing stands before Redis"
  REDIS_PORT=$port
}

rotate() {
  load "$1" "http://127.0.0.1:${PORT[chain]}/" -s "$REPO/bench/rotations.lua"
}

# What a load costs a gateway, in COST.
costs() {
  local name=$1 before
  shift
  before=$(cpu_of "${PID[$name]}")
  "$@"
  COST=$(calculate "($(cpu_of "${PID[$name]}") - $before) * 1000 / ($RATE * $seconds)")
}

start_redis
direct=$REDIS_PORT
[[ -z ${LATE:-} ]] || late
node=$REDIS_PORT
for ((start = 1; start <= ${1:-3}; start++)); do
  echo "start $start"
  REDIS_PORT=$node
  start_gateway chain --latchkey.lane.enabled=false --latchkey.rotation.grace=2s
  start_bare
  REDIS_PORT=$direct
  sessions rotating "$COUNT" "$ROTATIONS" --latchkey.rotation.grace=2s
  sessions access 1 "$WORK/access" --latchkey.rotation.grace=2s
  TOKEN=$(< "$WORK/access")
  api=("http://127.0.0.1:${PORT[chain]}/api/x" -H "Authorization: Bearer $TOKEN")
  warm "${api[@]}"
  warm "http://127.0.0.1:${PORT[bare]}/api/x"
  rotate "$WARM"
  seconds=${3:-8}
  for ((round = 1; round <= ${2:-4}; round++)); do
    costs bare load "$seconds" "http://127.0.0.1:${PORT[bare]}/api/x"
    bare=$COST
    costs chain load "$seconds" "${api[@]}"
    valid=$RATE cost=$COST
    costs chain rotate "$seconds"
    printf '  bare %4.0f us of processor time; valid %6.0f a second, %4.0f us; rotated %6.0f a second, %4.0f us; throughput %.2f\n' \
      "$bare" "$valid" "$cost" "$RATE" "$COST" "$(calculate "$RATE / $valid")"
    calculate "$RATE / $valid" >> "$WORK/ratios"
    calculate "$COST / $bare" >> "$WORK/bare"
    echo "$COST" >> "$WORK/costs"
  done
  curl -sf "http://127.0.0.1:${MANAGEMENT[chain]}/actuator/prometheus" \
    | sed -n 's/^latchkey_rotations_total{.*row="\([a-z]*\)".*} \([0-9.]*\)$/\1 \2/p' \
    | awk '{ sum[$1] += $2 } END { for (row in sum) if (sum[row] > 0) print row, sum[row] }' | tee -a "$WORK/rows" | sed 's/^/  /'
  denied=$(redis-cli -p "$direct" --scan --pattern 'latchkey:denied:*' \
    | xargs -r -n 1 redis-cli -p "$direct" hlen \
    | awk '{ sum += $1 } END { print sum + 0 }')
  echo "  $denied entries of the denylist"
  [[ -n ${EARLY:-} ]] || ((denied == 0)) || fail "access tokens had not expired: COUNT must be larger"
  stop "${PID[chain]}"
  stop "${PID[bare]}"
  redis-cli -p "$direct" flushall > /dev/null
done
printf 'rotations: throughput %.2f of requests with a valid token, %.0f us of processor time each, %.2f of bare forwarding\n' \
  "$(median < "$WORK/ratios")" "$(median < "$WORK/costs")" "$(median < "$WORK/bare")"
! grep -q unavailable "$WORK/rows" || fail "some were unavailable"
