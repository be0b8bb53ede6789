#!/usr/bin/env bash
# How many sessions fit into what a node remembers of tokens, what one takes of the heap, and what the first and the next request of a
# session cost in verifying and signing: 200,000 sessions with 512 MB of heap, and a million with 3 GB beside as much as a million
# entries of the denylist take. JAVA_OPTIONS chooses the collector (-XX:+UseParallelGC), ALGORITHM chooses that of identity tokens (ES256), JAVA_HOME the JDK. No gateway runs.
#
#   bench/caches.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

begin
compile Caches
"$JAVA" -jar "$JAR" keys "$WORK/keys" --algorithm "${ALGORITHM:-ES256}" > /dev/null
caches() {
  local heap=$1
  shift
  # shellcheck disable=SC2086 # JAVA_OPTIONS holds several words
  "$JAVA" "-Xmx$heap" ${JAVA_OPTIONS:--XX:+UseParallelGC} -cp "$WORK/classes:$WORK/app/own.jar:$WORK/app/lib/*" Caches "$WORK/keys" "$@"
}
caches 512m 200000 0
caches 3g 1000000 159
