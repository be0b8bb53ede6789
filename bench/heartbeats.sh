#!/usr/bin/env bash
# What the heartbeats of 2, 20 and 200 nodes cost Redis: how many are published per second, how many deliveries that makes, and
# how much processor time Redis takes. First as it is, then as if each node published its own each time, as before. Then
# the same in a cluster of three masters, on the channel that all shards share and on those of the shards (Redis 7). No
# gateway runs: this does for each node what it would do, with a connection to each master and one more that subscribes there.
#
#   bench/heartbeats.sh [SECONDS]
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seconds=${1:-15}
begin
compile Heartbeats
heartbeats() {
  "$JAVA" -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" Heartbeats "$seconds" "$@"
}

start_redis
for nodes in 2 20 200; do
  heartbeats "one per second" "$nodes" 1000 plain "$REDIS_PORT"
done
for nodes in 2 20 200; do
  heartbeats "one per node" "$nodes" 0 plain "$REDIS_PORT"
done

ports=()
for master in 1 2 3; do
  start_redis "cluster-enabled yes" "cluster-config-file nodes-$master.conf"
  ports+=("$REDIS_PORT")
done
redis-cli --cluster create "${ports[@]/#/127.0.0.1:}" --cluster-yes > "$WORK/cluster.log" \
  || fail "the cluster was not made: $(tail -n 3 "$WORK/cluster.log")"
serves() {
  redis-cli -p "$1" cluster info | grep -q cluster_state:ok
}
for port in "${ports[@]}"; do
  until_true 20 serves "$port" || fail "the cluster does not serve"
done
for how in plain sharded; do
  for nodes in 2 20 200; do
    heartbeats "cluster, $how" "$nodes" 1000 "$how" "${ports[@]}"
  done
done
