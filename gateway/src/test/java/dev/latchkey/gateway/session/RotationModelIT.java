package dev.latchkey.gateway.session;

import dev.latchkey.gateway.testing.ModelExploration;

/** The model of the rotation protocol. */
final class RotationModelIT extends ModelExploration {

    RotationModelIT() {
        super("rotation.pml", "checks.txt");
    }
}
