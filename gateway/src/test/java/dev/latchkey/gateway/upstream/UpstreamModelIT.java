package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.testing.ModelExploration;

/** The model of the refresh of providers' tokens. */
final class UpstreamModelIT extends ModelExploration {

    UpstreamModelIT() {
        super("upstream.pml", "upstream-checks.txt");
    }
}
