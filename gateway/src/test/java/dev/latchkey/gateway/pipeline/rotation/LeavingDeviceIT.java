package dev.latchkey.gateway.pipeline.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.keys.RefreshTokenCodec;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A device that proves itself and does not wait for the answer. */
final class LeavingDeviceIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final String KEY = "A".repeat(44);

    @Test
    void rotateWhenTheDeviceLeavesThenTheAuditLogSaysAllTheSameThatTheSessionIsBound() {
        Browser browser = WORLD.signedIn("ada");
        RefreshToken first = new RefreshToken(browser.jar().getOrDefault("latchkey-refresh-1", ""));
        RefreshClaims claims = WORLD.gateway()
                .bean(RefreshTokenCodec.class)
                .verify(first)
                .fold(valid -> valid.claims(), expired -> expired.claims(), invalid -> {
                    throw new AssertionError("not ours");
                });
        WORLD.gateway()
                .bean(Rotation.class)
                .rotate(claims, new DeviceProof(KEY, Generation.FIRST, true))
                .subscribe()
                .dispose();
        await().atMost(Duration.ofSeconds(10)).until(() -> WORLD.auditNames().contains("session-bound"));
        assertThat(WORLD.record(browser)).containsEntry("key", KEY);
    }
}
