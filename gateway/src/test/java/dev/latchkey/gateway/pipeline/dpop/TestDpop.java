package dev.latchkey.gateway.pipeline.dpop;

import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.keys.SealingKeysOfTests;
import dev.latchkey.gateway.pipeline.forwarding.TestAddresses;
import dev.latchkey.gateway.proof.ProofReader;
import dev.latchkey.gateway.token.dpop.DpopProperties;
import java.time.Duration;
import java.time.InstantSource;

/** Checks of proofs without a gateway. */
public final class TestDpop {

    static final DpopProperties DEFAULTS = new DpopProperties(true, true, Duration.ofSeconds(60), 1_000_000);

    private TestDpop() {}

    /** By the defaults, with nobody who keeps the audit log. */
    public static DpopProofs proofs(InstantSource clock) {
        return new DpopProofs(check(DEFAULTS, nonces(clock), clock), new RepeatedEvents(event -> {}, clock));
    }

    static ProofCheck check(DpopProperties properties, DpopNonces nonces, InstantSource clock) {
        return new ProofCheck(properties, new ProofReader("dpop+jwt"), nonces, TestAddresses.trusting(), clock);
    }

    static DpopNonces nonces(InstantSource clock) {
        return new DpopNonces(new SealingKeysOfTests(Duration.ofDays(30)).sealing(), clock);
    }
}
