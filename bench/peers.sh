#!/usr/bin/env bash
# What becomes of users when many requests at once find their provider's tokens due: Latchkey on three nodes, Spring Cloud
# Gateway with TokenRelay, and mod_auth_openidc, at a provider that ends a session whose refresh token comes twice.
#
# usage: bench/peers.sh [REQUESTS] [ROUNDS]
#
# In each round the user waits until tokens are due, and sends REQUESTS at once. Access tokens of the provider live for
# 70 seconds; the others refresh a minute ahead, as Spring does by itself. Needs, beside what lib.sh needs, node and npm, and for
# mod_auth_openidc Debian's apache2 and libapache2-mod-auth-openidc: without these it is left out.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly ACCESS_TTL=30s
readonly REQUESTS=${1:-20} ROUNDS=${2:-3} DUE=35
declare -A URL=()

start_provider() {
  local client arguments=()
  cp "$REPO/bench/peers/"*.{json,mjs} "$WORK"
  (cd "$WORK" && npm install --silent --no-audit --no-fund > npm.log 2>&1) || fail "no oidc-provider: $(tail -n 3 "$WORK/npm.log")"
  PROVIDER=http://127.0.0.1:$(free_port)
  for client in "${!URL[@]}"; do
    case $client in
      latchkey) arguments+=("$client=${URL[$client]%/api/*}/auth/providers/op/callback") ;;
      relay) arguments+=("$client=${URL[$client]%/api/*}/login/oauth2/code/op") ;;
      apache) arguments+=("$client=${URL[$client]%/api/*}/callback") ;;
    esac
  done
  (cd "$WORK" && exec node provider.mjs "${PROVIDER##*:}" "${arguments[@]}" > provider.log 2>&1) &
  STARTED+=($!)
  until_true 30 curl -sf "$PROVIDER/.well-known/openid-configuration" \
    || fail "the provider did not start: $(tail -n 5 "$WORK/provider.log")"
}

# Three nodes behind one address: each connection goes to the next one.
start_latchkey() {
  local node servers='' origin=${URL[latchkey]%/api/*}
  cat > "$WORK/routes.yml" <<ROUTES
version: 1
routes:
  - id: api
    match: { path: /api/** }
    to: $UPSTREAM
    entry: { access: required, audience: api, unauthenticated: sign-in, provider: op }
ROUTES
  printf 'secret-of-latchkey' > "$WORK/secret"
  for node in one two three; do
    start_gateway "$node" --latchkey.issuer="$origin" --latchkey.public-origins="$origin" \
      --latchkey.providers.op.issuer="$PROVIDER" --latchkey.providers.op.client-id=latchkey \
      --latchkey.providers.op.client-secret-file="$WORK/secret" --latchkey.providers.op.scopes=openid,profile
    servers+=" server 127.0.0.1:${PORT[$node]};"
  done
  cat > "$WORK/nodes.conf" <<CONF
daemon off;
pid $WORK/nodes.pid;
events { worker_connections 1024; }
http {
  access_log off;
  proxy_buffer_size 32k;
  proxy_buffers 8 32k;
  upstream nodes { $servers }
  server {
    listen ${origin#http://};
    location / { proxy_pass http://nodes; proxy_set_header Host \$http_host; }
  }
}
CONF
  nginx -c "$WORK/nodes.conf" -e "$WORK/nodes.log" > /dev/null 2>&1 &
  STARTED+=($!)
}

start_relay() {
  local origin=${URL[relay]%/api/*}
  (cd "$REPO/bench/peers/relay" && "$REPO/mvnw" -q -B -DbuildDirectory="$WORK/relay" package > "$WORK/relay-build.log" 2>&1) \
    || fail "TokenRelay was not built: $(tail -n 3 "$WORK/relay-build.log")"
  "$JAVA" -Xmx512m -jar "$WORK/relay/relay.jar" --server.address=127.0.0.1 --server.port="${origin##*:}" \
    --upstream="$UPSTREAM" --issuer="$PROVIDER" > "$WORK/relay.log" 2>&1 &
  STARTED+=($!)
  until_true 120 curl -s "$origin/" || fail "TokenRelay did not start: $(tail -n 5 "$WORK/relay.log")"
}

start_apache() {
  local origin=${URL[apache]%/api/*} modules=/usr/lib/apache2/modules
  cat > "$WORK/apache.conf" <<CONF
ServerName 127.0.0.1
User nobody
Group nogroup
Listen ${origin#http://}
PidFile $WORK/apache.pid
ErrorLog $WORK/apache.log
$(for module in mpm_event authn_core authz_core authz_user auth_openidc proxy proxy_http; do
    echo "LoadModule ${module}_module $modules/mod_$module.so"
  done)
OIDCProviderMetadataURL $PROVIDER/.well-known/openid-configuration
OIDCClientID apache
OIDCClientSecret secret-of-apache
OIDCScope "openid profile"
OIDCRedirectURI $origin/callback
OIDCCryptoPassphrase of-a-benchmark
OIDCRefreshAccessTokenBeforeExpiry 60 logout_on_error
OIDCUnAuthAction auth true
ProxyPass /api/ $UPSTREAM/api/
<Location />
  AuthType openid-connect
  Require valid-user
</Location>
CONF
  apache2 -f "$WORK/apache.conf" -DFOREGROUND > "$WORK/apache.out" 2>&1 &
  STARTED+=($!)
  until_true 10 curl -s "$origin/" || fail "Apache did not start: $(cat "$WORK/apache.out" "$WORK/apache.log")"
}

visit() {
  (cd "$WORK" && node visit.mjs "${URL[$1]}" "$REQUESTS" "$DUE" "$ROUNDS" > "$1.answers" 2> "$1.trouble") \
    || printf 'failed: %s' "$(head -c 300 "$WORK/$1.trouble")" > "$WORK/$1.answers"
}

begin
command -v npm > /dev/null || fail 'npm is missing: apt-get install npm'
start_upstream
for peer in latchkey relay apache; do
  [[ $peer != apache ]] || { command -v apache2 && ls /usr/lib/apache2/modules/mod_auth_openidc.so; } > /dev/null 2>&1 || continue
  URL[$peer]=http://127.0.0.1:$(free_port)/api/x
done
start_provider
for peer in "${!URL[@]}"; do
  "start_$peer"
done
for peer in "${!URL[@]}"; do
  visit "$peer" &
  waits+=($!)
done
wait "${waits[@]}"
for peer in "${!URL[@]}"; do
  printf '%-9s answers by round %s, refreshes %s\n' "$peer" "$(cat "$WORK/$peer.answers")" \
    "$(curl -sf "$PROVIDER/counts" | node -e "
      const counts = JSON.parse(require('fs').readFileSync(0))['$peer'];
      console.log(JSON.stringify(counts ?? {}))")"
done
! grep -q '^failed' "$WORK"/*.answers || fail "not all were measured"
