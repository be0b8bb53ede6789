#!/usr/bin/env bash
# What counting costs: the same gateway with its meters on and off, on the same machine in one run, in turns.
#
# usage: bench/metrics.sh [ROUNDS] [SECONDS]
#
# Both are loaded with valid requests to a backend that costs next to nothing. "Off" is Micrometer's own switch: then counters
# do nothing, and no moment is noted. Fails where counting costs more than a twentieth of the processor time.
# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

begin
start_gateway on
start_gateway off --management.metrics.enable.all=false
sign_in on
compare on off "${1:-6}" "${2:-8}" /api/x -H "Authorization: Bearer $TOKEN"
[[ $(calculate "$RATIO <= 1.05") == 1 ]] || fail "the meters cost more than a twentieth"
