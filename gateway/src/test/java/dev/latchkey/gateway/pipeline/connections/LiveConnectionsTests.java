package dev.latchkey.gateway.pipeline.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.pipeline.authorization.RequiredRoles;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** Which connections a revocation ends, and that those that are over are forgotten. */
final class LiveConnectionsTests {

    private static final Instant BEGAN = Instant.parse("2026-03-01T12:00:00Z");

    private final LiveConnections connections = new LiveConnections(new SimpleMeterRegistry());
    private final List<AccessClaims> ended = new ArrayList<>();
    private final AccessClaims old = TestTokens.accessClaims(BEGAN);
    private final AccessClaims young = TestTokens.accessClaims(BEGAN.plusSeconds(60));

    @Test
    void sessionRevokedWhenOthersAreOpenThenItsOwnEndOnly() {
        open(old);
        open(old);
        open(young);
        connections.sessionRevoked(old.session());

        assertThat(ended).containsExactly(old, old);
        assertThat(connections.count()).isEqualTo(1);
    }

    /** A node may hear of it late, or when it reads the denylist. */
    @Test
    void userRevokedWhenHeHasSignedInAnewThenOnlyWhatBeganBeforeEnds() {
        open(old);
        open(young);
        connections.userRevoked(TestTokens.SUBJECT, BEGAN.plusSeconds(30));

        assertThat(ended).containsExactly(old);
        connections.userRevoked(TestTokens.SUBJECT, young.authTime());
        assertThat(ended).as("what began at that instant began after it").containsExactly(old);
    }

    @Test
    void userRevokedWhenItIsAnotherThenNothingEnds() {
        open(old);
        connections.userRevoked(new Subject("bob"), BEGAN.plusSeconds(30));

        assertThat(ended).isEmpty();
    }

    @Test
    void countWhenConnectionsCloseThenTheyAreForgotten() {
        Disposable one = open(old);
        Disposable other = open(old);
        one.dispose();
        assertThat(connections.count()).isEqualTo(1);
        other.dispose();
        assertThat(connections.count()).isZero();
    }

    private Disposable open(AccessClaims caller) {
        return connections
                .revocationOf(caller, RequiredRoles.NONE)
                .subscribe(nothing -> {}, failure -> {}, () -> ended.add(caller));
    }
}
