#!/usr/bin/env bash
# What options of the JVM change: nodes that differ in them alone take turns, and are asked for the same signed-in request.
#
# usage: bench/jvm.sh ROUNDS SECONDS NAME=OPTIONS...        such as   bench/jvm.sh 3 5 serial='-Xmx512m -XX:+UseSerialGC' g1='-Xmx512m'
#
# JAVA_HOME chooses the JDK; a name that begins with 17 or 25 has that of JAVA_17 or JAVA_25. LANE=false asks by the filter chain.
# Prints for each the medians: processor time a request, requests a second, the longest of 99 of 100 answers; and the resident
# memory at the end.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# "1.23ms" and the like, in milliseconds
milliseconds() {
  sed -nE 's/^ *99% *([0-9.]+)(us|ms|s)$/\1 \2/p' | awk '{ print $1 * ($2 == "us" ? 0.001 : $2 == "s" ? 1000 : 1) }'
}

java_of() {
  case $1 in
    17*) echo "${JAVA_17:?names the folder of JDK 17}/bin/java" ;;
    25*) echo "${JAVA_25:?names the folder of JDK 25}/bin/java" ;;
    *) echo "${JAVA_HOME:+$JAVA_HOME/bin/}java" ;;
  esac
}

measure() {
  local name=$1 before report
  before=$(cpu_of "${PID[$name]}")
  report=$(wrk -t2 -c"$CONNECTIONS" -d"${SECONDS_EACH}s" --latency -H "Authorization: Bearer $TOKEN" \
    "http://127.0.0.1:${PORT[$name]}/api/x")
  ! grep -qE 'Non-2xx|Socket errors' <<< "$report" || fail "not every answer was a 2xx: $report"
  RATE=$(sed -n 's/^Requests\/sec: *\([0-9.]*\)$/\1/p' <<< "$report")
  echo "$RATE" >> "$WORK/rate.$name"
  milliseconds <<< "$report" >> "$WORK/tail.$name"
  calculate "($(cpu_of "${PID[$name]}") - $before) * 1000 / ($RATE * $SECONDS_EACH)" >> "$WORK/cost.$name"
}

begin
start_upstream
readonly ROUNDS=$1 SECONDS_EACH=$2
shift 2
names=()
for option in "$@"; do
  name=${option%%=*}
  names+=("$name")
  JAVA=$(java_of "$name") JAVA_OPTIONS=${option#*=} start_gateway "$name" --latchkey.lane.enabled="${LANE:-true}"
done
sign_in "${names[0]}"
for name in "${names[@]}"; do
  warm "http://127.0.0.1:${PORT[$name]}/api/x" -H "Authorization: Bearer $TOKEN"
done
for ((round = 0; round < ROUNDS; round++)); do
  for ((step = 0; step < ${#names[@]}; step++)); do
    measure "${names[$(((round + step) % ${#names[@]}))]}"
  done
done
for name in "${names[@]}"; do
  printf '%-12s %6.1f us of processor time a request, %7.0f requests/s, 99 of 100 within %6.2f ms, %5.0f MB\n' "$name" \
    "$(median < "$WORK/cost.$name")" "$(median < "$WORK/rate.$name")" "$(median < "$WORK/tail.$name")" \
    "$(awk '/^VmRSS/ { print $2 / 1024 }' "/proc/${PID[$name]}/status")"
done
