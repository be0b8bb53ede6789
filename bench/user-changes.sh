#!/usr/bin/env bash
# From a change of the users file to its effect on a node that does not read it: the next request is refused, the open event
# stream ends, the WebSocket closes with 1008. In each round one user is disabled, one removed, one gets another password hash
# and one loses a role. The other node looks at its own copy of the file, which stays as it is.
#
#   bench/user-changes.sh [ROUNDS] [OTHERS]       OTHERS: how many users more the file has
#
# The times count from the moment at which the file was written, which the first node looks at every 100 ms and believes at the
# second look; and from the moment at which that node has noted the change in Redis, by Redis' clock.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rounds=${1:-20} others=${2:-1000}
begin
start_backend
cat > "$WORK/routes.yml" << ROUTES
version: 1
routes:
  - id: staff
    match: { path: /staff/** }
    to: $UPSTREAM
    entry: { access: required, roles: [staff], audience: staff }
ROUTES
"$JAVA" "$REPO/bench/UserChanges.java" write "$WORK/one.yml" "$rounds" "$others"
cp "$WORK/one.yml" "$WORK/two.yml"
for node in one two; do
  interval=100ms
  [[ $node == one ]] || interval=1m
  # Here one address signs in more often than anybody should.
  USERS=$WORK/$node.yml start_gateway "$node" --latchkey.users.poll-interval="$interval" \
    --latchkey.sign-in.per-address=1000000
done
"$JAVA" "$REPO/bench/UserChanges.java" measure "$WORK/one.yml" "$rounds" "$REDIS_PORT" \
  "http://127.0.0.1:${PORT[one]}" "http://127.0.0.1:${PORT[two]}"
