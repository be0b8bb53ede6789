#!/usr/bin/env bash
# How long a node takes from its start to the first answer of a backend: as one jar, extracted, and extracted with what
# deploy/train.sh made of an earlier run, which is an AOT cache from JDK 25 on and a class archive on older ones. The three take
# turns, one at a time. JAVA_HOME chooses the JDK.
#
# usage: bench/start.sh [ROUNDS]
#
# Prints the medians: time to the first answer, processor time until then, resident memory then.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly WAYS=(jar extracted trained)
# shellcheck disable=SC2046 # one word or none
readonly OPTIONS=("@$REPO/deploy/jvm.options" $(newer) -Xmx512m)

train() {
  local -a output=("-XX:AOTCacheOutput=$WORK/trained")
  TRAINED=(-XX:AOTCache="$WORK/trained")
  if (($("$JAVA" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p') < 25)); then
    output=("-XX:ArchiveClassesAtExit=$WORK/trained")
    TRAINED=(-XX:SharedArchiveFile="$WORK/trained")
  fi
  PATH=${JAVA_HOME:+$JAVA_HOME/bin:}$PATH bash "$REPO/deploy/train.sh" "$WORK/app/own.jar" "${OPTIONS[@]}" "${output[@]}"
  [[ -s $WORK/trained ]] || fail 'nothing was made of the run'
  echo "trained: $(($(stat -c %s "$WORK/trained") / 1000000)) MB"
}

# start WAY: adds a line to the files of its results.
start() {
  local way=$1 port management jar=$WORK/app/own.jar begun pid
  local -a options=("${OPTIONS[@]}")
  port=$(free_port) management=$(free_port)
  [[ $way != jar ]] || jar=$JAR
  [[ $way != trained ]] || options+=("${TRAINED[@]}")
  begun=$(date +%s%3N)
  "$JAVA" "${options[@]}" -jar "$jar" \
    --server.address=127.0.0.1 --server.port="$port" --management.server.port="$management" \
    --spring.data.redis.host=127.0.0.1 --spring.data.redis.port="$REDIS_PORT" \
    --latchkey.issuer=http://bench.example --latchkey.public-origins=http://bench.example \
    --latchkey.keys.directory="$WORK/keys" --latchkey.users.file=classpath:demo-users.yml \
    --latchkey.routes.file="$WORK/routes.yml" --latchkey.shutdown.drain=0s > "$WORK/$way.log" 2>&1 &
  pid=$!
  STARTED+=("$pid")
  until curl -sf "http://127.0.0.1:$port/open/x" > /dev/null; do
    kill -0 "$pid" || fail "it did not start: $(tail -n 5 "$WORK/$way.log")"
    sleep 0.02
  done
  echo $(($(date +%s%3N) - begun)) >> "$WORK/time.$way"
  cpu_of "$pid" >> "$WORK/cpu.$way"
  awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$pid/status" >> "$WORK/memory.$way"
  stop "$pid"
}

begin
start_upstream
start_redis
write_routes
"$JAVA" -jar "$JAR" keys "$WORK/keys" > /dev/null
"$JAVA" -Djarmode=tools -jar "$JAR" extract --destination "$WORK/app" --application-filename own.jar > /dev/null
train
for ((round = 0; round < ${1:-5}; round++)); do
  for ((step = 0; step < ${#WAYS[@]}; step++)); do
    start "${WAYS[$(((round + step) % ${#WAYS[@]}))]}"
  done
done
"$JAVA" -version 2>&1 | head -n 1
for way in "${WAYS[@]}"; do
  printf '%-10s %6.0f ms to the first answer, %6.0f ms of processor time, %4.0f MB\n' \
    "$way" "$(median < "$WORK/time.$way")" "$(median < "$WORK/cpu.$way")" "$(median < "$WORK/memory.$way")"
done
