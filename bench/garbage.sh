#!/usr/bin/env bash
# Garbage tokens, as many as this machine can send for ten seconds: no command of Redis is caused by them, and a client with
# a real token goes on meanwhile.
#
#   bench/garbage.sh [SECONDS]
#
# Prints how many a second were refused (the goal is 10,000 on two cores of their own), how often each command of Redis ran in
# as many idle seconds and in the loaded ones, and how the honest client fared. Fails where an answer to garbage was no 401,
# where Redis had more to do than when idle, or where the honest client was refused.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SECONDS_LONG=${1:-10}
readonly SECONDS_LONG

# NAME COUNT, a line each; INFO itself is ours.
commands() {
  redis-cli -p "$REDIS_PORT" INFO commandstats | tr -d '\r' \
    | sed -n 's/^cmdstat_\([^:]*\):calls=\([0-9]*\),.*/\1 \2/p' | grep -v '^info ' | sort
}

# The second list less the first, only what has grown.
grown() {
  join -a 2 -e 0 -o 0,1.2,2.2 "$1" "$2" | awk '$3 > $2 { print $1, $3 - $2 }'
}

# The shapes of garbage: noise, and our own tokens with something changed in payload or signature.
shapes() {
  local header=${TOKEN%%.*} rest=${TOKEN#*.}
  local payload=${rest%%.*} signature=${rest#*.}
  printf '%s\n' "@" "x@" "@.@.@" "$header.$payload.@" "$header.@.$signature" "$header.$payload.${signature:0:20}@" \
    "eyJhbGciOiJub25lIn0.$payload.@" "$TOKEN@"
}

# Twenty requests a second, one after the other, for as long as the garbage comes; of each answer the status and the seconds.
honest() {
  curl -s --rate 20/s -w '%{http_code} %{time_total}\n' -o /dev/null -H "Authorization: Bearer $TOKEN" \
    "http://127.0.0.1:${PORT[one]}/api/x?[1-$((20 * SECONDS_LONG))]" >> "$WORK/honest"
}

begin
start_gateway one --latchkey.cookies.prefix=latchkey- --latchkey.cookies.secure=false
sign_in one
shapes > "$WORK/shapes"
export GARBAGE=$WORK/shapes
readonly SCRIPT=$REPO/bench/garbage.lua
# Also with real tokens: code that was compiled where all were garbage would have to be compiled anew in the middle.
warm "http://127.0.0.1:${PORT[one]}/api/x" -H "Authorization: Bearer $TOKEN"
warm "http://127.0.0.1:${PORT[one]}" -s "$SCRIPT"

commands > "$WORK/before"
sleep "$SECONDS_LONG"
commands > "$WORK/idle"
wrk -t2 -c"$CONNECTIONS" -d"${SECONDS_LONG}s" --timeout 10s -s "$SCRIPT" "http://127.0.0.1:${PORT[one]}" > "$WORK/report"
commands > "$WORK/loaded"
honest &
readonly HONEST=$!
STARTED+=("$HONEST")
wrk -t2 -c"$CONNECTIONS" -d"${SECONDS_LONG}s" --timeout 10s -s "$SCRIPT" "http://127.0.0.1:${PORT[one]}" >> "$WORK/report"
wait "$HONEST" || fail "the honest client was not answered"

grown "$WORK/before" "$WORK/idle" > "$WORK/when-idle"
grown "$WORK/idle" "$WORK/loaded" > "$WORK/when-loaded"
echo "garbage refused, without and with an honest client beside it:"
sed -n 's/^Requests\/sec: *\([0-9.]*\)$/  \1 a second/p' "$WORK/report"
echo "commands of Redis (name, idle, loaded), $SECONDS_LONG seconds each:"
join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$WORK/when-idle" "$WORK/when-loaded" | sed 's/^/  /'
echo "honest client: $(sort -k 2n "$WORK/honest" | awk '{ count[$1]++; last = $2; at[NR] = $2 }
  END { for (status in count) printf "%d times %s, ", count[status], status
        printf "half within %.0f ms, the longest %.0f ms", 1000 * at[int((NR + 1) / 2)], 1000 * last }')"

# A beat or a reading more may fall into one of two equal times.
join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$WORK/when-idle" "$WORK/when-loaded" \
  | awk '$3 > 2 * $2 + 300 { print "more of " $1 " than when idle"; bad = 1 } END { exit bad }' \
  || fail "Redis was asked because of garbage"
grep -q 'Socket errors' "$WORK/report" && fail "not every request was answered: $(cat "$WORK/report")"
answers=$(sed -n 's/^ *\([0-9]*\) requests in .*/\1/p' "$WORK/report" | tr '\n' ' ')
refusals=$(sed -n 's/^ *Non-2xx or 3xx responses: *\([0-9]*\)$/\1/p' "$WORK/report" | tr '\n' ' ')
[[ -n $answers && $answers == "$refusals" ]] || fail "some garbage was let in: $answers answers, $refusals refusals"
[[ $(cut -d ' ' -f 1 "$WORK/honest" | sort -u) == 200 ]] || fail "the honest client was refused"
