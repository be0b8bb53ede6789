package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.cache.SingleFlight;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.keys.RefreshTokenCodec;
import dev.latchkey.gateway.pipeline.dpop.DpopProofs;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.session.CommitOutcome;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.TokenPair;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Rotates sessions for requests, whether a client asked for it or not: parallel requests share a call, and a late
 * answer asks before it sets anything. No call fails with an exception.
 */
@Component
public final class Rotation {

    /** An answer younger than this is set without asking; the grace period is longer than it plus the travel. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private static final Comparator<Verified> AGE = Comparator.comparing(
                    (Verified token) -> token.claims().authTime())
            .thenComparing(token -> token.claims().generation());

    private final RefreshTokenCodec tokens;
    private final SessionRotation rotation;
    private final RedisSessionStore sessions;
    private final DpopProofs proofs;
    private final InstantSource clock;
    private final SingleFlight<RefreshToken, RotationOutcome> inFlight = new SingleFlight<>();
    private final ConfirmedGenerations confirmed;

    Rotation(
            RefreshTokenCodec tokens,
            SessionRotation rotation,
            RedisSessionStore sessions,
            ConfirmedGenerations confirmed,
            DpopProofs proofs,
            InstantSource clock,
            MeterRegistry registry) {
        this.tokens = tokens;
        this.rotation = rotation;
        this.sessions = sessions;
        this.proofs = proofs;
        this.clock = clock;
        this.confirmed = confirmed;
        Gauge.builder("latchkey.rotations.in.flight", inFlight, SingleFlight::size)
                .description("Rotations under way, each for all requests that came with the same token")
                .register(registry);
    }

    /**
     * Rotates with the newest of the presented refresh tokens. Requests that come at the same time with the same token
     * share one call, and a client that goes away takes nothing from the others. Each proves for itself the key that
     * the token is bound to.
     */
    public Mono<RotationOutcome> rotate(PresentedTokens presented, RotationCause cause) {
        return newestOf(presented)
                .map(newest -> proofs.objection(newest.claims(), presented.proof())
                        .<Mono<RotationOutcome>>map(problem -> Mono.just(Refused.by(problem)))
                        .orElseGet(() -> inFlight.share(newest.token(), () -> rotation.rotate(newest.claims(), cause))))
                .orElseGet(() -> {
                    newestExpired(presented.refreshes()).ifPresent(rotation::reportExpired);
                    return Mono.just(refusalWithout(presented.refreshes()));
                });
    }

    /** What comes of presenting these tokens if {@link #newest} finds none among them. */
    public Refused refusalWithout(List<RefreshToken> presented) {
        return newestExpired(presented).isPresent()
                ? Refused.because(SessionEndReason.EXPIRED)
                : Refused.WITHOUT_REASON;
    }

    /**
     * Rotates a session by the proof of a device; it is up to the caller to verify that. What is cached is not
     * cancelled with a client that goes away.
     */
    public Mono<RotationOutcome> rotate(RefreshClaims presented, DeviceProof proof) {
        return rotation.rotate(presented, proof).cache();
    }

    /** Whether the tokens of this rotation may still be set now; trouble with Redis counts as no. */
    public Mono<Boolean> maySet(RotationOutcome.Rotated rotated) {
        Duration age = Duration.between(rotated.at(), clock.instant());
        if (age.compareTo(PROMPT) <= 0) {
            return Mono.just(true);
        }
        TokenPair pair = rotated.pair();
        AccessClaims claims = pair.claims();
        return sessions.commit(
                        claims.session(), claims.generation(), pair.refresh().isPresent())
                .map(CommitOutcome.SET::equals);
    }

    /**
     * Confirms the generation of a valid access token, once per node. Subscribes here on purpose: no request waits for
     * it, and it never fails. A confirmation that is lost delays the detection of a theft and ends no session.
     */
    public void confirm(AccessClaims claims) {
        if (confirmed.add(claims.session(), claims.generation())) {
            sessions.confirm(claims.session(), claims.generation()).subscribe();
        }
    }

    /**
     * What the newest valid refresh token says: the highest generation of the newest sign-in. Empty also if it is bound
     * to a key that is not proven.
     */
    public Optional<RefreshClaims> newest(PresentedTokens presented) {
        return newestOf(presented)
                .map(Verified::claims)
                .filter(claims -> proofs.objection(claims, presented.proof()).isEmpty());
    }

    private Optional<Verified> newestOf(PresentedTokens presented) {
        return presented.refreshes().stream().flatMap(this::verified).max(AGE);
    }

    private Stream<Verified> verified(RefreshToken token) {
        return tokens.verify(token)
                .fold(
                        valid -> Stream.of(new Verified(token, valid.claims())),
                        expired -> Stream.empty(),
                        invalid -> Stream.empty());
    }

    /** A refresh token expires at the absolute end of its session. */
    private Optional<RefreshClaims> newestExpired(List<RefreshToken> presented) {
        return presented.stream()
                .flatMap(token -> tokens.verify(token)
                        .fold(
                                valid -> Stream.<RefreshClaims>empty(),
                                expired -> Stream.of(expired.claims()),
                                invalid -> Stream.<RefreshClaims>empty()))
                .max(Comparator.comparing(RefreshClaims::authTime).thenComparing(RefreshClaims::generation));
    }

    private record Verified(RefreshToken token, RefreshClaims claims) {}
}
