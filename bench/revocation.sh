#!/usr/bin/env bash
# From the acknowledgement of a sign-out to the refusal of its access token, on each of three nodes; and the same where no
# message tells the nodes, so that they learn of it when they read the denylist, which they do every five seconds here.
#
#   bench/revocation.sh [ROUNDS] [ROUNDS_WITHOUT_MESSAGE]
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rounds=${1:-200} lost=${2:-20}
begin
for node in one two three; do
  # Here one address signs in more often than anybody should.
  start_gateway "$node" --latchkey.sign-in.per-address=1000000 --latchkey.sign-in.per-name-and-address=1000000 \
    --latchkey.sign-in.per-name=1000000 --latchkey.sign-in.successes-per-name=1000000 --latchkey.denylist.read-interval=5s
done
"$JAVA" "$REPO/bench/Revocation.java" "$rounds" "$lost" "$REDIS_PORT" \
  "http://127.0.0.1:${PORT[one]}" "http://127.0.0.1:${PORT[two]}" "http://127.0.0.1:${PORT[three]}"
