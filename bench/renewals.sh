#!/usr/bin/env bash
# What it costs the node that sessions are bound to devices: a renewal, in which a browser's key has signed the challenge that
# it was sent with the one before, beside a rotation of a session that is not bound, by its cookies at /auth/refresh; and what
# those who are not bound notice where binding is offered, beside a node where it is off: their rotations, their requests by
# the lane, and what Redis keeps of their sessions. All take turns. JAVA_HOME says which JDK. Fails where a session was not
# rotated, or where a record of a session that is not bound differs in size.
#
# usage: bench/renewals.sh [STARTS] [ROUNDS] [SECONDS]
#
# The proofs are signed before, with a key for each session, by another process. So many sessions (COUNT) rotate that none
# does within the grace (2 s here).
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly STARTS=${1:-3} ROUNDS=${2:-4} LENGTH=${3:-8} COUNT=${COUNT:-50000}
# For more renewals a second than two cores manage.
export PROOFS=${PROOFS:-$(((WARM + ROUNDS * LENGTH) * 12000 / COUNT + 2))}
export SESSIONS

begin
compile Sessions
USERS=$WORK/users.yml
"$JAVA" -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" Sessions users "$COUNT" > "$USERS"

# The process signs all proofs meanwhile, and may wait long for Redis.
make() {
  sessions "$1" "$COUNT" "$WORK/$2" --latchkey.rotation.grace=2s --spring.data.redis.timeout=20s
}

# Rotates sessions at a node: ROTATE NODE FILE SECONDS.
rotate() {
  SESSIONS=$2
  load "$3" "http://127.0.0.1:${PORT[$1]}/" -s "$REPO/bench/renewals.lua"
}

ask() {
  load "$2" "http://127.0.0.1:${PORT[$1]}/api/x" -H "Authorization: Bearer $TOKEN"
}

# One of these loads for so many seconds; NAME is what its costs are filed under.
run() {
  case $1 in
    lane-off) ask off "$2" ;;
    lane-offered) ask offered "$2" ;;
    rotated-off) rotate off "$WORK/unbound-off" "$2" ;;
    rotated-offered) rotate offered "$WORK/unbound-offered" "$2" ;;
    renewed) rotate offered "$WORK/bound" "$2" ;;
  esac
}

readonly LOADS=(lane-off lane-offered rotated-off rotated-offered renewed)

node_of() {
  [[ $1 == *-off ]] && echo off || echo offered
}

measure() {
  local name=$1 pid before cost
  pid=${PID[$(node_of "$name")]}
  before=$(cpu_of "$pid")
  run "$name" "$LENGTH"
  cost=$(calculate "($(cpu_of "$pid") - $before) * 1000 / ($RATE * $LENGTH)")
  printf '  %-16s %7.0f a second, %6.1f us of processor time\n' "$name" "$RATE" "$cost"
  echo "$cost" >> "$WORK/$name.costs"
  COST[$name]=$cost
}

# The record of a session that begins now at a node, in bytes: as Redis accounts for it, and the sum of its values.
record_of() {
  local key
  redis-cli -p "$REDIS_PORT" --scan --pattern 'latchkey:session:*' | sort > "$WORK/before"
  curl -sf -o /dev/null "http://127.0.0.1:${PORT[$1]}/auth/sign-in" -d 'username=user0&password=demo' -H 'User-Agent: bench' \
    || fail "the sign-in failed"
  key=$(redis-cli -p "$REDIS_PORT" --scan --pattern 'latchkey:session:*' | sort | comm -13 "$WORK/before" -)
  size_of "$key"
}

size_of() {
  local field sum=0
  for field in $(redis-cli -p "$REDIS_PORT" hkeys "$1"); do
    sum=$((sum + ${#field} + $(redis-cli -p "$REDIS_PORT" hstrlen "$1" "$field")))
  done
  echo "$(redis-cli -p "$REDIS_PORT" memory usage "$1") bytes by MEMORY USAGE, $sum of fields and values"
}

bound_record() {
  redis-cli -p "$REDIS_PORT" --scan --pattern 'latchkey:session:*' | while read -r key; do
    if [[ $(redis-cli -p "$REDIS_PORT" hexists "$key" key) == 1 ]]; then
      size_of "$key"
      break
    fi
  done
}

# By the row of the protocol, as the node counted them.
rows() {
  curl -sf "http://127.0.0.1:${MANAGEMENT[$1]}/actuator/prometheus" \
    | sed -n 's/^latchkey_rotations_total{.*row="\([a-z]*\)".*} \([0-9.]*\)$/\1 \2/p' \
    | awk '{ sum[$1] += $2 } END { for (row in sum) if (sum[row] > 0) print row, sum[row] }' | tee -a "$WORK/rows" \
    | sed "s/^/  $1: /"
}

ratio() {
  calculate "${COST[$1]} / ${COST[$2]}" >> "$WORK/$1.ratios"
}

declare -A COST=()
start_redis
for ((start = 1; start <= STARTS; start++)); do
  echo "start $start"
  start_gateway off --latchkey.device-binding=off --latchkey.rotation.grace=2s
  start_gateway offered --latchkey.device-binding=when-offered --latchkey.rotation.grace=2s
  unbound_off=$(record_of off)
  unbound_offered=$(record_of offered)
  make rotating unbound-off
  make rotating unbound-offered
  make bound bound
  sessions access 1 "$WORK/access"
  TOKEN=$(< "$WORK/access")
  echo "  a record where binding is off: $unbound_off; where it is offered: $unbound_offered; bound: $(bound_record)"
  [[ $unbound_off == "$unbound_offered" ]] || fail "they differ"
  for name in "${LOADS[@]}"; do
    run "$name" "$WARM"
  done
  for ((round = 0; round < ROUNDS; round++)); do
    for ((step = 0; step < ${#LOADS[@]}; step++)); do
      measure "${LOADS[$(((round + step) % ${#LOADS[@]}))]}"
    done
    ratio renewed rotated-offered
    ratio rotated-offered rotated-off
    ratio lane-offered lane-off
  done
  rows off
  rows offered
  stop "${PID[off]}"
  stop "${PID[offered]}"
  redis-cli -p "$REDIS_PORT" flushall > /dev/null
done
for name in "${LOADS[@]}"; do
  printf '%-16s %6.1f us of processor time\n' "$name" "$(median < "$WORK/$name.costs")"
done
printf 'a renewal took %.2f of a rotation; where binding is offered, a rotation took %.3f of one where it is off, and a request by the lane %.3f\n' \
  "$(median < "$WORK/renewed.ratios")" "$(median < "$WORK/rotated-offered.ratios")" "$(median < "$WORK/lane-offered.ratios")"
! grep -qvE '^rotated ' "$WORK/rows" || fail "not all were rotated"
