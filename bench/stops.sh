#!/usr/bin/env bash
# Stops and starts two nodes in turn, behind nginx and then behind HAProxy with health checks, as docs/operations.md sets them
# up, under a constant rate of GETs and POSTs with event streams and WebSockets open: nothing may be lost, reach the backend
# twice, or end without an end. Then the time that a stop takes with 200 streams and no other request.
#
# usage: bench/stops.sh [STOPS] [RATE] [BALANCER...]
#
# It needs haproxy as well (Debian: apt-get install haproxy), and takes about half a minute a stop.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly STREAMS=50 SOCKETS=20 DRAIN=5
PROXY='' LOAD='' TOOK=''

# balancer nginx | haproxy: in front of both nodes, in PROXY
balancer() {
  local port command
  port=$(free_port)
  "${1}_configuration" "$port" > "$WORK/$1.conf"
  command=(nginx -c "$WORK/nginx.conf" -e "$WORK/nginx.log")
  [[ $1 == nginx ]] || command=(haproxy -db -f "$WORK/haproxy.conf")
  "${command[@]}" > "$WORK/$1.out" 2>&1 &
  PID[$1]=$!
  STARTED+=($!)
  PROXY=http://127.0.0.1:$port
  until_true 20 curl -sf "$PROXY/open/r/first-$1" || fail "$1 did not start: $(tail -n 5 "$WORK/$1".*)"
}

nginx_configuration() {
  cat << CONF
daemon off;
pid $WORK/nginx.pid;
error_log $WORK/nginx.log;
events { worker_connections 4096; }
http {
  access_log off;
  map \$http_upgrade \$upstream_connection { default upgrade; "" ""; }
  upstream latchkey {
    server 127.0.0.1:${PORT[one]} max_fails=1 fail_timeout=2s;
    server 127.0.0.1:${PORT[two]} max_fails=1 fail_timeout=2s;
    keepalive 64;
    keepalive_timeout 3s;
  }
  server {
    listen 127.0.0.1:$1 backlog=4096;
    keepalive_requests 1000000000;
    location / {
      proxy_pass http://latchkey;
      proxy_http_version 1.1;
      proxy_set_header Host \$host;
      proxy_set_header Upgrade \$http_upgrade;
      proxy_set_header Connection \$upstream_connection;
      proxy_buffering off;
    }
  }
}
CONF
}

haproxy_configuration() {
  cat << CONF
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
frontend all
  bind 127.0.0.1:$1
  default_backend latchkey
backend latchkey
  option httpchk GET /actuator/health/readiness
  option redispatch
  default-server check inter 500ms fall 2 rise 2
  server one 127.0.0.1:${PORT[one]} port ${MANAGEMENT[one]}
  server two 127.0.0.1:${PORT[two]} port ${MANAGEMENT[two]}
CONF
}

start_node() {
  start_gateway "$1" --latchkey.shutdown.drain="${DRAIN}s" --latchkey.trusted-proxies=127.0.0.1/32
}

# Says how long the stop of a node takes, in milliseconds, in TOOK.
timed_stop() {
  local before=${EPOCHREALTIME/./}
  stop "${PID[$1]}"
  TOOK=$(((${EPOCHREALTIME/./} - before) / 1000))
}

# begin_load URL RATE STREAMS SOCKETS: returns once its streams and sockets are open
begin_load() {
  rm -f "$WORK/over"
  "$JAVA" -Xmx256m "$REPO/bench/Stops.java" "$1" "$UPSTREAM" "$WORK/over" "${@:2}" > "$WORK/load.log" 2>&1 &
  LOAD=$!
  STARTED+=("$LOAD")
  until_true 120 grep -qx open "$WORK/load.log" || fail "the load did not begin: $(tail -n 5 "$WORK/load.log")"
}

# Ends it and prints what it has to say; fails where it found something wrong.
end_load() {
  local result=0
  touch "$WORK/over"
  wait "$LOAD" || result=1
  sed -e /^open$/d -e "s/^/$1: /" "$WORK/load.log"
  return "$result"
}

stops_behind() {
  local round node longest=0 result=0
  balancer "$1"
  begin_load "$PROXY" "$rate" "$STREAMS" "$SOCKETS"
  for ((round = 1; round <= stops; round++)); do
    node=one
    ((round % 2)) || node=two
    timed_stop "$node"
    ((TOOK <= longest)) || longest=$TOOK
    start_node "$node"
    # Until the balancer believes in it again.
    sleep 4
  done
  end_load "$1" || {
    result=1
    tail -n 20 "$WORK/$1".log "$WORK/$1".out
  }
  echo "$1: $stops stops, the longest took $longest ms"
  stop "${PID[$1]}"
  return "$result"
}

stop_with_streams() {
  begin_load "http://127.0.0.1:${PORT[one]}" 0 200 0
  timed_stop one
  echo "a stop with 200 streams and no other request took $TOOK ms, with a drain of $DRAIN s"
  stop "$LOAD"
  ((TOOK < (DRAIN + 3) * 1000))
}

stops=${1:-10} rate=${2:-200}
balancers=("${@:3}")
((${#balancers[@]} > 0)) || balancers=(nginx haproxy)
begin
command -v haproxy > /dev/null || fail "haproxy is missing: apt-get install haproxy"
start_backend
for node in one two; do
  start_node "$node"
  warm "http://127.0.0.1:${PORT[$node]}/open/counts"
done
failed=0
for balancer in "${balancers[@]}"; do
  stops_behind "$balancer" || failed=1
done
stop_with_streams || failed=1
exit "$failed"
