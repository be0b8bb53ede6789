package dev.latchkey.gateway.pipeline.dpop;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.pipeline.dpop.Checked.Holder;
import dev.latchkey.gateway.pipeline.extraction.PresentedProof;
import dev.latchkey.gateway.pipeline.forwarding.RequestAddress;
import dev.latchkey.gateway.proof.ProofJwt;
import dev.latchkey.gateway.proof.ProofKey;
import dev.latchkey.gateway.proof.ProofReader;
import dev.latchkey.gateway.token.dpop.DpopProperties;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The steps of RFC 9449 section 4.3, those that cost little first: most of a proof's cost is its signature. */
@Component
final class ProofCheck {

    private static final int LONGEST_JTI = 256;

    private final boolean nonceRequired;
    private final long skew;
    private final ProofReader reader;
    private final DpopNonces nonces;
    private final RequestAddress addresses;
    private final InstantSource clock;
    private final UsedProofs used;

    /**
     * Of clients that hold no token yet: a stranger can make any number of them, which must not take the room of the
     * others. Those that brought no token are given back.
     */
    private final UsedProofs usedAtSignIn;

    ProofCheck(
            DpopProperties properties,
            ProofReader reader,
            DpopNonces nonces,
            RequestAddress addresses,
            InstantSource clock) {
        this.nonceRequired = properties.nonceRequired();
        this.skew = properties.skew().toMillis();
        this.reader = reader;
        this.nonces = nonces;
        this.addresses = addresses;
        this.clock = clock;
        Duration life = properties.skew().multipliedBy(2);
        this.used = new UsedProofs(clock, life, properties.rememberedProofs());
        this.usedAtSignIn = new UsedProofs(clock, life, properties.rememberedProofs());
    }

    /**
     * Uses the proof up if it is accepted.
     *
     * @param expected the key that it must be by; empty for any
     */
    Checked check(PresentedProof presented, Optional<KeyThumbprint> expected) {
        List<String> fields = presented.fields();
        if (fields.size() != 1) {
            return fields.isEmpty() ? ProofFault.MISSING : ProofFault.MALFORMED;
        }
        return reader.read(fields.get(0)).fold(proof -> check(proof, presented, expected), why -> ProofFault.MALFORMED);
    }

    /** Gives back what a proof by any key that was accepted has used up: it brought its sender nothing. */
    void forget(PresentedProof presented) {
        presented.fields().stream()
                .flatMap(field -> reader.read(field).fold(Stream::of, why -> Stream.empty()))
                .forEach(proof -> proof.key()
                        .ifPresent(key -> usedAtSignIn.forget(
                                new KeyThumbprint(key.thumbprint()),
                                proof.text("jti").orElse(""))));
    }

    private Checked check(ProofJwt proof, PresentedProof presented, Optional<KeyThumbprint> expected) {
        Optional<String> id = proof.text("jti").filter(jti -> !jti.isEmpty() && jti.length() <= LONGEST_JTI);
        if (proof.key().isEmpty() || id.isEmpty()) {
            return ProofFault.MALFORMED;
        }
        ProofKey key = proof.key().get();
        KeyThumbprint holder = new KeyThumbprint(key.thumbprint());
        if (expected.filter(other -> !other.equals(holder)).isPresent()) {
            return ProofFault.OTHER_KEY;
        }
        Optional<ProofFault> fault = fault(proof, presented);
        return fault.isPresent()
                ? fault.get()
                : used(proof, key, holder, id.get(), expected.isPresent() ? used : usedAtSignIn);
    }

    private Optional<ProofFault> fault(ProofJwt proof, PresentedProof presented) {
        if (!isForRequest(proof, presented)) {
            return Optional.of(ProofFault.OTHER_REQUEST);
        }
        if (!isOfNow(proof.number("iat"))) {
            return Optional.of(ProofFault.NOT_NOW);
        }
        boolean hasNonce =
                !nonceRequired || proof.text("nonce").filter(nonces::isAccepted).isPresent();
        return hasNonce ? Optional.empty() : Optional.of(ProofFault.NONCE);
    }

    private boolean isForRequest(ProofJwt proof, PresentedProof presented) {
        boolean isForToken = presented.access().isEmpty()
                || proof.text("ath").equals(presented.access().map(token -> token.hashed(Base64Url::encode)));
        return isForToken
                && proof.text("htm").equals(Optional.of(presented.request().method()))
                && proof.text("htu")
                        .filter(uri -> addresses.isMeant(uri, presented.request()))
                        .isPresent();
    }

    private boolean isOfNow(OptionalLong seconds) {
        return seconds.isPresent()
                && seconds.getAsLong() >= 0
                && Math.abs(clock.millis()
                                - seconds.getAsLong() * Duration.ofSeconds(1).toMillis())
                        <= skew;
    }

    private Checked used(ProofJwt proof, ProofKey key, KeyThumbprint holder, String id, UsedProofs remembered) {
        if (!proof.isSignedBy(key)) {
            return ProofFault.FORGED;
        }
        reader.remember(proof);
        return switch (remembered.use(holder, id)) {
            case FIRST -> new Holder(holder);
            case REPEATED -> ProofFault.REPLAYED;
            case NO_ROOM -> ProofFault.NO_ROOM;
        };
    }
}
