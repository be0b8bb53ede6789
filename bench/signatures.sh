#!/usr/bin/env bash
# What a signature and its verification cost, by algorithm and provider: the JDK's own, Conscrypt and Bouncy Castle, and Amazon's
# Corretto Crypto Provider if ACCP names its jar. JAVA_HOME chooses the JDK. No gateway runs.
#
#   bench/signatures.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

begin
compile Signatures
"$JAVA" -cp "$WORK/classes:$WORK/app/lib/*${ACCP:+:$ACCP}" Signatures
