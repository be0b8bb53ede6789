#!/usr/bin/env bash
# What a signed-in request costs beside one through Spring Cloud Gateway as it comes, which looks at no token: both run
# side by side on the same machine and take turns.
#
# usage: bench/bare.sh [ROUNDS] [SECONDS]
#
# A request to Latchkey carries an access token: the token is verified, the denylist asked, and the backend gets an identity
# token.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start_bare() {
  compile BareGateway
  PORT[bare]=$(free_port)
  # shellcheck disable=SC2086 # JAVA_OPTIONS holds several words
  "$JAVA" ${JAVA_OPTIONS:--Xmx512m -XX:+UseParallelGC} -cp "$WORK/classes:$WORK/app/lib/*" BareGateway \
    --server.address=127.0.0.1 --server.port="${PORT[bare]}" \
    --upstream="$UPSTREAM" > "$WORK/bare.log" 2>&1 &
  PID[bare]=$!
  STARTED+=($!)
  until_true 120 curl -sf "http://127.0.0.1:${PORT[bare]}/api/x" \
    || fail "the bare gateway did not start: $(tail -n 5 "$WORK/bare.log")"
}

begin
start_gateway latchkey
start_bare
sign_in latchkey
compare latchkey bare "${1:-6}" "${2:-8}" /api/x -H "Authorization: Bearer $TOKEN"
