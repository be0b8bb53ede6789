#!/usr/bin/env bash
# From a change of a user to its effect: the next request is refused, the open event stream ends, the WebSocket closes with
# 1008. In each round one user is disabled, one removed, one gets another password hash and one loses a role.
#
#   bench/user-changes.sh [ROUNDS] [OTHERS]       in the users file, which has OTHERS other users; the node that is looked at
#                                                 does not read it: it looks at its own copy of the file, which stays as it is
#   bench/user-changes.sh STORE [ROUNDS]          in a store, as another program would: postgresql, mongodb or ldap. It is the
#                                                 one of the tests, which must be compiled (./mvnw -q -DskipTests package)
#
# The times count from the moment at which the file was written, which the first node looks at every 100 ms and believes at the
# second look, or the store changed, which one of the nodes asks as often as it does by default (10 s); and from the moment at
# which a node has noted the change in Redis, by Redis' clock. A change comes when the one before it has had its effect, so
# right after a look.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store=''
if [[ ${1:-} =~ ^[a-z]+$ ]]; then
  store=$1
  shift
fi
rounds=${1:-20} others=${2:-1000}
begin
start_backend
cat > "$WORK/routes.yml" << ROUTES
version: 1
routes:
  - id: staff
    match: { path: /staff/** }
    to: $UPSTREAM
    entry: { access: required, roles: [customer], audience: staff }
ROUTES

# Here one address signs in more often than anybody should.
MORE=(--latchkey.sign-in.per-address=1000000)
if [[ -n $store ]]; then
  port=$(free_port)
  (cd "$REPO" && ./mvnw -q -B -pl gateway dependency:build-classpath -Dmdep.outputFile="$WORK/tests.txt")
  "$JAVA" -cp "$REPO/gateway/target/test-classes:$REPO/gateway/target/classes:$(< "$WORK/tests.txt")" \
    "$REPO/bench/UserStore.java" "$store" "$port" "$rounds" "$WORK/store.txt" > "$WORK/store.log" 2>&1 &
  STARTED+=($!)
  until_true 120 curl -sf "http://127.0.0.1:$port/" || fail "the store did not start: $(tail -n 5 "$WORK/store.log")"
  mapfile -t properties < "$WORK/store.txt"
  source=http://127.0.0.1:$port password=demo
  # A directory looks at the password itself.
  [[ $store != ldap ]] || password=name
  for node in one two; do
    USERS='' start_gateway "$node" "${MORE[@]}" "${properties[@]}"
  done
else
  source=$WORK/one.yml password=demo
  "$JAVA" "$REPO/bench/UserChanges.java" write "$source" "$rounds" "$others"
  cp "$source" "$WORK/two.yml"
  USERS=$source start_gateway one "${MORE[@]}" --latchkey.users.poll-interval=100ms
  USERS=$WORK/two.yml start_gateway two "${MORE[@]}" --latchkey.users.poll-interval=1m
fi
"$JAVA" "$REPO/bench/UserChanges.java" measure "$source" "$password" "$rounds" "$REDIS_PORT" \
  "http://127.0.0.1:${PORT[one]}" "http://127.0.0.1:${PORT[two]}"
