#!/usr/bin/env bash
# What the heartbeats of 2, 20 and 200 nodes cost Redis: how many words pass a second, how many deliveries that makes, and
# how much processor time Redis takes. First as it is, then as if each node sent a word of its own each time, as before. Then
# the same in a cluster of three masters, on the channel that all shards share and on those of the shards (Redis 7). No
# gateway runs: what a node does of this is done here for each, a connection to each master and one more that listens there.
#
#   bench/heartbeats.sh [SECONDS]
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seconds=${1:-15}
begin
compile Heartbeats
beats() {
  "$JAVA" -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" Heartbeats "$seconds" "$@"
}

start_redis
for nodes in 2 20 200; do
  beats "one word a second" "$nodes" 1000 plain "$REDIS_PORT"
done
for nodes in 2 20 200; do
  beats "a word a node" "$nodes" 0 plain "$REDIS_PORT"
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
    beats "cluster, $how" "$nodes" 1000 "$how" "${ports[@]}"
  done
done
