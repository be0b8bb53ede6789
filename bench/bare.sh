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

begin
start_gateway latchkey
start_bare
sign_in latchkey
compare latchkey bare "${1:-6}" "${2:-8}" /api/x -H "Authorization: Bearer $TOKEN"
