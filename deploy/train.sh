#!/usr/bin/env bash
# Runs an extracted gateway.jar once, with the options for java that follow it, and sends it requests of the usual kinds:
#
#   train.sh /app/gateway.jar @/app/jvm.options -XX:AOTCacheOutput=/app/gateway.aot
#
# With -XX:AOTCacheOutput, JDK 25 writes at the end which classes were loaded and how often methods ran; a later start that is given
# the file (-XX:AOTCache) begins from there. JDK 17 writes the classes alone with -XX:ArchiveClassesAtExit. The run has keys,
# users and routes of its own, needs no Redis, and leaves nothing behind but that file. It needs bash and java alone.
set -euo pipefail

readonly JAR=${1:?the jar} LIMIT=180
shift
folder=$(mktemp -d)
gateway=''

finish() {
  [[ -z $gateway ]] || kill "$gateway" 2> /dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

fail() {
  printf '%s\n' "$*" >&2
  tail -n 20 "$folder/log" >&2 || true
  exit 1
}

free_port() {
  local port
  while true; do
    port=$((11000 + RANDOM % 20000))
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
  done
  echo "$port"
}

# ask COUNT METHOD PATH [LINE]: all on one connection; prints how many were answered with 200.
ask() {
  local count=$1 request="$2 $3 HTTP/1.1"$'\r\nHost: localhost\r\n' number
  [[ -z ${4:-} ]] || request+="$4"$'\r\n'
  exec 3<> "/dev/tcp/127.0.0.1/$port" || return 1
  {
    for ((number = 1; number < count; number++)); do
      printf '%s\r\n' "$request"
    done
    printf '%sConnection: close\r\n\r\n' "$request"
  } >&3 &
  { grep -ao 'HTTP/1.1 200' <&3 || true; } | wc -l
  exec 3>&-
}

# No client may have more than 128 requests under way.
load() {
  local batch
  for ((batch = 0; batch < $1; batch++)); do
    ask 100 "${@:2}" > "$folder/answered"
  done
}

port=$(free_port) management=$(free_port)
cat > "$folder/routes.yml" <<ROUTES
version: 1
routes:
  - id: forwarded
    match: { path: /actuator/** }
    to: http://127.0.0.1:$management
    entry: { access: public }
  - id: answered
    match: { path: /answered }
    respond: { body: ok }
    entry: { access: public }
  - id: guarded
    match: { path: /guarded/** }
    to: http://127.0.0.1:$management
    entry: { access: required, audience: guarded }
ROUTES
java -jar "$JAR" keys "$folder/keys" > "$folder/log"
java "$@" -jar "$JAR" --server.address=127.0.0.1 --server.port="$port" --management.server.port="$management" \
  --latchkey.issuer=http://localhost --latchkey.public-origins=http://localhost --latchkey.keys.directory="$folder/keys" \
  --latchkey.users.file=classpath:demo-users.yml --latchkey.routes.file="$folder/routes.yml" \
  --latchkey.shutdown.drain=0s --spring.data.redis.host=127.0.0.1 --spring.data.redis.port=1 > "$folder/log" 2>&1 &
gateway=$!
until [[ $(ask 1 GET /actuator/health/readiness 2> /dev/null) == 1 ]]; do
  kill -0 "$gateway" 2> /dev/null || fail 'The gateway ended:'
  ((SECONDS < LIMIT)) || fail "The gateway did not start within $LIMIT s:"
  sleep 0.2
done
load 30 GET /actuator/health/liveness
[[ $(< "$folder/answered") == 100 ]] || fail "Of 100 requests, $(< "$folder/answered") were forwarded:"
load 3 GET /answered
load 1 GET /guarded/x
load 1 GET /guarded/x 'Accept: text/html'
load 1 GET /guarded/x 'Authorization: Bearer none'
load 1 GET /auth/sign-in
load 1 GET /.well-known/jwks.json
kill "$gateway"
wait "$gateway" || true
gateway=''
