#!/usr/bin/env bash
# How long after another server took the place of a master that stands still (SIGSTOP) people can sign in again: behind
# Sentinel, and in a cluster of three masters with a replica each. Until then no user could.
#
#   bench/failover.sh [ROUNDS]
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rounds=${1:-3}
# Here one address signs in more often than anybody should.
plenty=(--latchkey.sign-in.per-address=1000000 --latchkey.sign-in.per-name-and-address=1000000
  --latchkey.sign-in.per-name=1000000 --latchkey.sign-in.successes-per-name=1000000)

now() {
  date +%s%N
}

signs_in() {
  curl -sf -m 3 -o "$WORK/answer" "http://127.0.0.1:${PORT[$1]}/auth/token" -H 'Content-Type: application/json' \
    -d '{"username":"demo","password":"demo"}'
}

is_master() {
  redis-cli -p "$1" info replication | grep -q role:master
}

# frozen NAME PID PORT: the server with the process PID stands still, and the one at PORT takes its place.
frozen() {
  local promoted first=0 row=0
  kill -STOP "$2"
  until_true 60 is_master "$3" || fail "no replica took the place of the master"
  promoted=$(now)
  # Not each sign-in needs the slots that were gone.
  while ((row < 5)); do
    if signs_in "$1"; then
      ((row)) || first=$(now)
      row=$((row + 1))
    else
      row=0
    fi
    (($(now) - promoted < 60000000000)) || fail "no sign-in succeeded for a minute"
  done
  printf '%-8s %.1f s\n' "$1" "$(calculate "($first - $promoted) / 1000000000")"
  kill -CONT "$2"
}

behind_sentinel() {
  local master replica master_pid sentinels='' number port
  start_redis
  master=$REDIS_PORT master_pid=${STARTED[-1]}
  start_redis "replicaof 127.0.0.1 $master"
  replica=$REDIS_PORT
  until_true 20 sh -c "redis-cli -p $master info replication | grep -q state=online" || fail "the replica does not follow"
  for number in 1 2 3; do
    port=$(free_port)
    printf '%s\n' "port $port" 'bind 127.0.0.1' "dir $WORK" "sentinel monitor bench 127.0.0.1 $master 2" \
      'sentinel down-after-milliseconds bench 2000' 'sentinel failover-timeout bench 6000' > "$WORK/sentinel-$port.conf"
    redis-server "$WORK/sentinel-$port.conf" --sentinel > "$WORK/sentinel-$port.log" 2>&1 &
    STARTED+=($!)
    sentinels+=${sentinels:+,}127.0.0.1:$port
  done
  port=${sentinels##*:}
  until_true 30 sh -c "redis-cli -p $port info sentinel | grep -q 'slaves=1,sentinels=3'" || fail "no sentinel watches"
  start_gateway sentinel "${plenty[@]}" --spring.data.redis.sentinel.master=bench --spring.data.redis.sentinel.nodes="$sentinels"
  until_true 30 signs_in sentinel || fail "no user can sign in"
  frozen sentinel "$master_pid" "$replica"
  stop "${PID[sentinel]}"
}

in_a_cluster() {
  local ports=() pids=() number replica nodes
  for number in 1 2 3 4 5 6; do
    start_redis "cluster-enabled yes" "cluster-config-file nodes-$round-$number.conf" 'cluster-node-timeout 3000' 'cluster-require-full-coverage no'
    ports+=("$REDIS_PORT") pids+=("${STARTED[-1]}")
  done
  redis-cli --cluster create "${ports[@]/#/127.0.0.1:}" --cluster-replicas 1 --cluster-yes > "$WORK/cluster.log" \
    || fail "the cluster was not made: $(tail -n 3 "$WORK/cluster.log")"
  until_true 30 sh -c "redis-cli -p ${ports[0]} info replication | grep -q state=online" || fail "the replica does not follow"
  replica=$(redis-cli -p "${ports[0]}" info replication | sed -n 's/^slave0:.*port=\([0-9]*\),.*/\1/p')
  printf -v nodes '127.0.0.1:%s,' "${ports[@]}"
  start_gateway cluster "${plenty[@]}" --spring.data.redis.cluster.nodes="${nodes%,}"
  until_true 30 signs_in cluster || fail "no user can sign in"
  frozen cluster "${pids[0]}" "$replica"
  stop "${PID[cluster]}"
}

begin
for ((round = 1; round <= rounds; round++)); do
  behind_sentinel
  in_a_cluster
done
