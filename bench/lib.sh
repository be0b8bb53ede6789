# What the benchmarks beside this file share; each sources it and calls begin first.
#
# Everything runs on free ports of this machine and in a folder of its own, and ends with the script. It needs wrk, nginx,
# redis-server and curl (Debian: apt-get install wrk nginx-light redis-server curl), and the jar (./mvnw -q -DskipTests package).
#
#   begin                            a folder ($WORK), and an end of all that is started
#   start_upstream                   the fastest backend there is, in UPSTREAM; UPSTREAM_LOCATIONS adds to its nginx
#   start_backend                    instead, one that counts requests and has streams and WebSockets (CountingBackend)
#   start_redis [LINE...]            a Redis that keeps nothing, with these lines of configuration, in REDIS_PORT
#   start_gateway NAME [--KEY=VALUE...]
#                                    a node, in the maps PORT, MANAGEMENT and PID by its name; its users are the demo's, or those
#                                    of the file USERS, which may be empty. One that was stopped comes back at its address
#   start_bare [NAME [--KEY=VALUE...]]
#                                    Spring Cloud Gateway (BareGateway), in the maps by its name, or as bare
#   start_proxy [LINE...]            nginx, which only proxies, with these lines of configuration, in the maps as nginx
#   prepare                          what a node needs, and its arguments but the ports, in ARGUMENTS
#   sessions HOW COUNT FILE          tokens of COUNT sessions: see Sessions
#   sign_in NAME                     the access token of a new session, in TOKEN
#   warm URL [WRK ARGUMENT...]       load whose answers do not count, until a node that has just started is as fast as it
#                                    gets: $WARM seconds
#   load SECONDS URL [WRK ARGUMENT...]
#                                    RATE in requests a second; every answer must be a 2xx
#   cpu_of PID                       the processor time that it and its children have used, in milliseconds
#   median                           of the numbers that it reads
#   calculate EXPRESSION             prints its value
#   compare ONE OTHER ROUNDS SECONDS PATH [WRK ARGUMENT...]
#                                    loads two nodes in turns, in an order that alternates, and prints two ratios of ONE to
#                                    OTHER: of the requests a second, and, also in RATIO, of the processor time that the node
#                                    took for a request, which is the steadier one where all share a machine
#   compile CLASS                    a class of this folder into $WORK/classes, against those of the jar, which are then in
#                                    $WORK/app/own.jar and $WORK/app/lib
#   stop PID                         ends one process early
#
# start_gateway writes routes where $WORK/routes.yml is not there yet: /open/** for anyone, /api/** for users who are signed in.

set -euo pipefail

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly REPO
readonly JAR=${JAR:-$REPO/gateway/target/gateway.jar}
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
readonly CONNECTIONS=${CONNECTIONS:-64} WARM=${WARM:-40}

declare -A PORT=() MANAGEMENT=() PID=()
declare -a STARTED=() ARGUMENTS=()
WORK='' UPSTREAM='' REDIS_PORT='' TOKEN='' RATE='' RATIO=''

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

begin() {
  local tool
  for tool in wrk nginx redis-server curl; do
    command -v "$tool" > /dev/null || fail "$tool is missing: apt-get install wrk nginx-light redis-server curl"
  done
  [[ -f $JAR ]] || fail "$JAR is missing: ./mvnw -q -DskipTests package"
  WORK=$(mktemp -d)
  trap finish EXIT
  trap 'exit 130' INT TERM
}

finish() {
  local pid
  for pid in "${STARTED[@]}"; do
    kill "$pid" 2> /dev/null || true
  done
  wait 2> /dev/null || true
  rm -rf "$WORK"
}

stop() {
  kill "$1" && wait "$1" 2> /dev/null || true
}

# Below the ports that the kernel gives to clients.
free_port() {
  local port
  while true; do
    port=$((11000 + RANDOM % 20000))
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
  done
  echo "$port"
}

# until_true SECONDS COMMAND...
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

start_upstream() {
  local port
  port=$(free_port)
  cat > "$WORK/nginx.conf" <<CONF
daemon off;
master_process off;
pid $WORK/nginx.pid;
error_log $WORK/nginx.log;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:$port backlog=4096;
    location / { default_type text/plain; return 200 "ok"; }
    ${UPSTREAM_LOCATIONS:-}
  }
}
CONF
  nginx -c "$WORK/nginx.conf" -e "$WORK/nginx.log" > /dev/null 2>&1 &
  STARTED+=($!)
  UPSTREAM=http://127.0.0.1:$port
  until_true 10 curl -sf "$UPSTREAM/" || fail "nginx did not start: $(tail -n 3 "$WORK/nginx.log")"
}

start_backend() {
  local port
  compile CountingBackend
  port=$(free_port)
  "$JAVA" -Xmx256m -cp "$WORK/classes:$WORK/app/lib/*" CountingBackend "$port" > "$WORK/backend.log" 2>&1 &
  STARTED+=($!)
  UPSTREAM=http://127.0.0.1:$port
  until_true 60 curl -sf "$UPSTREAM/counts" || fail "the backend did not start: $(tail -n 5 "$WORK/backend.log")"
}

start_redis() {
  REDIS_PORT=$(free_port)
  {
    printf '%s\n' "port $REDIS_PORT" 'bind 127.0.0.1' "dir $WORK" 'save ""' 'appendonly no'
    (($# == 0)) || printf '%s\n' "$@"
  } > "$WORK/redis-$REDIS_PORT.conf"
  redis-server "$WORK/redis-$REDIS_PORT.conf" > "$WORK/redis-$REDIS_PORT.log" 2>&1 &
  STARTED+=($!)
  until_true 10 redis-cli -p "$REDIS_PORT" ping || fail "redis-server did not start"
}

write_routes() {
  cat > "$WORK/routes.yml" <<ROUTES
version: 1
routes:
  - id: open
    match: { path: /open/** }
    to: $UPSTREAM
    entry: { access: public }
  - id: api
    match: { path: /api/** }
    to: $UPSTREAM
    entry: { access: required, audience: api }
ROUTES
}

prepare() {
  [[ -n $UPSTREAM ]] || start_upstream
  [[ -n $REDIS_PORT ]] || start_redis
  [[ -f $WORK/routes.yml ]] || write_routes
  [[ -d $WORK/keys ]] || "$JAVA" -jar "$JAR" keys "$WORK/keys" > /dev/null
  ARGUMENTS=(--server.address=127.0.0.1 --spring.data.redis.host=127.0.0.1 --spring.data.redis.port="$REDIS_PORT"
    --latchkey.issuer=http://bench.example --latchkey.public-origins=http://bench.example
    --latchkey.keys.directory="$WORK/keys" --latchkey.users.file="${USERS-classpath:demo-users.yml}"
    --latchkey.routes.file="$WORK/routes.yml" --latchkey.token.access-ttl="${ACCESS_TTL:-30m}")
}

# JAVA_OPTIONS, or what the image has, with a small heap; the plain gateway gets the same.
options() {
  echo "${JAVA_OPTIONS:--Xmx512m -XX:+UseParallelGC $(newer)}"
}

# What the image has beside that with this JDK, as one argument; nothing if it is an older one.
newer() {
  local file="@$REPO/deploy/jvm25.options"
  ! "$JAVA" "$file" -version > /dev/null 2>&1 || echo "$file"
}

start_gateway() {
  local name=$1
  shift
  prepare
  PORT[$name]=${PORT[$name]:-$(free_port)} MANAGEMENT[$name]=${MANAGEMENT[$name]:-$(free_port)}
  # shellcheck disable=SC2046 # several words
  "$JAVA" $(options) -jar "$JAR" "${ARGUMENTS[@]}" \
    --server.port="${PORT[$name]}" --management.server.port="${MANAGEMENT[$name]}" "$@" > "$WORK/$name.log" 2>&1 &
  PID[$name]=$!
  STARTED+=($!)
  until_true 180 curl -sf "http://127.0.0.1:${MANAGEMENT[$name]}/actuator/health/readiness" \
    || fail "the gateway $name did not start: $(tail -n 5 "$WORK/$name.log")"
}

start_proxy() {
  [[ -n $UPSTREAM ]] || start_upstream
  PORT[nginx]=$(free_port)
  cat > "$WORK/proxy.conf" <<CONF
daemon off;
worker_processes 2;
pid $WORK/proxy.pid;
error_log $WORK/proxy.log;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  upstream backend { server ${UPSTREAM#http://}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${PORT[nginx]} backlog=4096;
    location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; $* }
  }
}
CONF
  nginx -c "$WORK/proxy.conf" -e "$WORK/proxy.log" > /dev/null 2>&1 &
  PID[nginx]=$!
  STARTED+=($!)
  until_true 10 curl -sf "http://127.0.0.1:${PORT[nginx]}/" || fail "nginx did not start: $(tail -n 3 "$WORK/proxy.log")"
}

start_bare() {
  local name=${1:-bare}
  shift $(($# > 0))
  [[ -f $WORK/classes/BareGateway.class ]] || compile BareGateway
  PORT[$name]=$(free_port)
  # shellcheck disable=SC2046 # several words
  "$JAVA" $(options) -cp "$WORK/classes:$WORK/app/lib/*" BareGateway \
    --server.address=127.0.0.1 --server.port="${PORT[$name]}" \
    --upstream="$UPSTREAM" "$@" > "$WORK/$name.log" 2>&1 &
  PID[$name]=$!
  STARTED+=($!)
  until_true 120 curl -sf "http://127.0.0.1:${PORT[$name]}/api/x" \
    || fail "the bare gateway did not start: $(tail -n 5 "$WORK/$name.log")"
}

sign_in() {
  TOKEN=$(curl -sf "http://127.0.0.1:${PORT[$1]}/auth/token" -H 'Content-Type: application/json' \
    -d '{"username":"demo","password":"demo"}' | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')
  [[ -n $TOKEN ]] || fail "the sign-in failed"
}

sessions() {
  prepare
  [[ -f $WORK/classes/Sessions.class ]] || compile Sessions
  "$JAVA" -Xmx1g -XX:+UseParallelGC -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" Sessions "$@" "${ARGUMENTS[@]}" \
    --server.port="$(free_port)" --management.server.port="$(free_port)" > "$WORK/sessions.log" 2>&1 \
    || fail "no sessions: $(tail -n 5 "$WORK/sessions.log")"
}

compile() {
  [[ -d $WORK/app ]] || "$JAVA" -Djarmode=tools -jar "$JAR" extract --destination "$WORK/app" --application-filename own.jar > /dev/null
  "${JAVA}c" -cp "$WORK/app/own.jar:$WORK/app/lib/*" -d "$WORK/classes" "$REPO/bench/$1.java"
}

warm() {
  local url=$1
  shift
  wrk -t2 -c"$CONNECTIONS" -d"${WARM}s" --timeout 10s "$@" "$url" > /dev/null
}

load() {
  local seconds=$1 url=$2 report
  shift 2
  report=$(wrk -t2 -c"$CONNECTIONS" -d"${seconds}s" --timeout 10s "$@" "$url")
  ! grep -qE 'Non-2xx|Socket errors' <<< "$report" || fail "not every answer was a 2xx: $report"
  RATE=$(sed -n 's/^Requests\/sec: *\([0-9.]*\)$/\1/p' <<< "$report")
}

cpu_of() {
  local pid
  for pid in "$1" $(pgrep -P "$1" || true); do
    cat "/proc/$pid/stat"
  done | awk -v hertz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); sum += $12 + $13 } END { print int(sum * 1000 / hertz) }'
}

median() {
  sort -n | awk '{ all[NR] = $1 } END { print (NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2) }'
}

compare() {
  local one=$1 other=$2 rounds=$3 seconds=$4 path=$5 round name order
  local -A rates=() costs=()
  shift 5
  for name in "$one" "$other"; do
    warm "http://127.0.0.1:${PORT[$name]}$path" "$@"
  done
  for ((round = 1; round <= rounds; round++)); do
    echo "round $round"
    order="$one $other"
    ((round % 2)) || order="$other $one"
    for name in $order; do
      local before cost
      before=$(cpu_of "${PID[$name]}")
      load "$seconds" "http://127.0.0.1:${PORT[$name]}$path" "$@"
      cost=$(calculate "($(cpu_of "${PID[$name]}") - $before) * 1000 / ($RATE * $seconds)")
      rates[$name]=$(calculate "${rates[$name]:-0} + $RATE")
      costs[$name]=$(calculate "${costs[$name]:-0} + $cost")
      printf '  %-8s %9.0f requests/s %7.1f us of processor time a request\n' "$name" "$RATE" "$cost"
    done
  done
  RATIO=$(calculate "${costs[$one]} / ${costs[$other]}")
  printf 'throughput of %s / %s: %.3f\n' "$one" "$other" "$(calculate "${rates[$one]} / ${rates[$other]}")"
  printf 'processor time a request of %s / %s: %.3f\n' "$one" "$other" "$RATIO"
}

# In brackets, because awk takes a bare > behind print for the name of a file.
calculate() {
  awk "BEGIN { print ($1) }"
}
