package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.pipeline.rotation.NewestRefreshToken.Verified;
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
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The rotation that requests meet: parallel ones share a call, and late answers ask before they set anything. */
@Component
final class SingleFlightRotation implements Rotation {

    /** An answer younger than this is set without asking; the grace period is longer than it plus the travel. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private final NewestRefreshToken newest;
    private final SessionRotation rotation;
    private final Confirmations confirmations;
    private final RedisSessionStore sessions;
    private final InstantSource clock;
    private final SingleFlight<RefreshToken, RotationOutcome> shared = new SingleFlight<>();

    SingleFlightRotation(
            NewestRefreshToken newest,
            SessionRotation rotation,
            Confirmations confirmations,
            RedisSessionStore sessions,
            InstantSource clock,
            MeterRegistry registry) {
        this.newest = newest;
        this.rotation = rotation;
        this.confirmations = confirmations;
        this.sessions = sessions;
        this.clock = clock;
        Gauge.builder("latchkey.rotations.in.flight", shared, SingleFlight::size)
                .description("Rotations under way, each for all requests that came with the same token")
                .register(registry);
    }

    @Override
    public Mono<RotationOutcome> rotate(List<RefreshToken> presented, RotationCause cause) {
        return newest.of(presented)
                .map(verified -> shared(verified, cause))
                .orElseGet(() -> Mono.just(new RotationOutcome.Refused()));
    }

    private Mono<RotationOutcome> shared(Verified presented, RotationCause cause) {
        return shared.share(presented.token(), () -> rotation.rotate(presented, cause));
    }

    @Override
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

    @Override
    public void confirm(AccessClaims claims) {
        confirmations.confirm(claims);
    }

    @Override
    public Optional<RefreshClaims> newest(List<RefreshToken> presented) {
        return newest.of(presented).map(Verified::claims);
    }
}
