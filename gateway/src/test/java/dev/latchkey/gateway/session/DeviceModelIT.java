package dev.latchkey.gateway.session;

import dev.latchkey.gateway.testing.ModelExploration;

/** The model of sessions that are bound to a device. */
final class DeviceModelIT extends ModelExploration {

    DeviceModelIT() {
        super("device.pml", "device-checks.txt");
    }
}
