#!/usr/bin/env bash
# A hundred slow clients (heads, bodies, idle connections, readers of an answer of 100 MB; a byte each 1.5 s) beside an honest
# one, which asks twenty times a second: first without them, then with them, then without them again.
#
#   bench/slow-clients.sh [SECONDS]
#
# Prints how the honest client fared each time, what the gateway closed, and its open files and memory before, at the most, and
# once the slow clients only hold what they have. Fails where an honest answer was no 200, where half of them took more than the
# two quiet times differ and 5 ms longer beside slow clients, or where files do not return to what they were.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SECONDS_LONG=${1:-60}
readonly SECONDS_LONG
# From the end of the slow clients: the idle time of 75 s is the longest limit.
readonly RETURN_WITHIN=110

files() {
  find "/proc/${PID[one]}/fd" -mindepth 1 2> /dev/null | wc -l
}

resident() {
  awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/${PID[one]}/status"
}

honest() {
  curl -s --rate 20/s -w '%{http_code} %{time_total}\n' -o /dev/null \
    "http://127.0.0.1:${PORT[one]}/open/x?[1-$((20 * SECONDS_LONG))]" > "$WORK/$1" || fail "the honest client was not answered"
  awk '$1 != 200 { exit 1 }' "$WORK/$1" || fail "the honest client was refused"
  sort -k 2n "$WORK/$1" | awk -v name="$1" '{ at[NR] = 1000 * $2 }
    END { printf "  %-8s half within %5.1f ms, 99 of 100 within %6.1f ms, the longest %6.1f ms\n", name,
          at[int((NR + 1) / 2)], at[int(NR * 0.99)], at[NR] }'
}

half() {
  sort -k 2n "$WORK/$1" | awk '{ at[NR] = 1000 * $2 } END { print at[int((NR + 1) / 2)] }'
}

begin
head -c 100000000 /dev/zero > "$WORK/large"
UPSTREAM_LOCATIONS="location /open/large { alias $WORK/large; }"
start_gateway one
warm "http://127.0.0.1:${PORT[one]}/open/x"
"${JAVA_HOME:+$JAVA_HOME/bin/}jcmd" "${PID[one]}" GC.run > /dev/null
sleep 6

echo "honest answers, of $SECONDS_LONG seconds each:"
honest before
readonly FILES=$(files) MEMORY=$(resident)

mkfifo "$WORK/hold"
"$JAVA" "$REPO/bench/SlowClients.java" "${PORT[one]}" 25 "$SECONDS_LONG" < "$WORK/hold" > "$WORK/slow" &
STARTED+=($!)
exec {HOLD}> "$WORK/hold"
sleep 2
honest beside &
HONEST=$!
most_files=0 most_memory=0
while kill -0 "$HONEST" 2> /dev/null; do
  ((most_files > $(files))) || most_files=$(files)
  ((most_memory > $(resident))) || most_memory=$(resident)
  sleep 1
done
wait "$HONEST" || fail "the honest client did not fare well"
until_true 30 grep -q closed "$WORK/slow" || fail "the slow clients did not end"
cat "$WORK/slow"

echo "open files: $FILES before, $most_files at the most; memory: $MEMORY MB before, $most_memory MB at the most"
returned() { (($(files) <= FILES + 4)); }
since=$SECONDS
until_true "$RETURN_WITHIN" returned || fail "$(files) files are still open after $RETURN_WITHIN s"
"${JAVA_HOME:+$JAVA_HOME/bin/}jcmd" "${PID[one]}" GC.run > /dev/null
echo "after $((SECONDS - since)) s, the clients still there: $(files) open files, $(resident) MB"
honest after
exec {HOLD}>&-

echo "closed by the gateway:"
curl -s "http://127.0.0.1:${MANAGEMENT[one]}/actuator/prometheus" \
  | sed -n 's/^latchkey_connections_closed_total{reason="\(.*\)"} \([0-9.]*\)$/  \1 \2/p' | sort
grep -c -E ' (WARN|ERROR) ' "$WORK/one.log" | sed 's/^/warnings and errors in the log: /' || true

noise=$(calculate "$(half after) > $(half before) ? $(half after) - $(half before) : $(half before) - $(half after)")
[[ $(calculate "$(half beside) <= ($(half before) > $(half after) ? $(half before) : $(half after)) + $noise + 5") == 1 ]] \
  || fail "the honest client was served more slowly"
