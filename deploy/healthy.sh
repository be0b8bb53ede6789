#!/usr/bin/env bash
# Asks the readiness check on a local port; for images that bring neither curl nor wget.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${1:?the port to ask}"
printf 'GET /actuator/health/readiness HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS=' ' read -r _ status _ <&3
[[ "$status" == 200 ]]
