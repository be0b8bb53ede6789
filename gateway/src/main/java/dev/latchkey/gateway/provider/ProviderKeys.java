package dev.latchkey.gateway.provider;

import com.nimbusds.jose.jwk.JWKSet;
import dev.latchkey.gateway.provider.transport.Sent;
import dev.latchkey.gateway.provider.transport.Transport;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The keys with which providers sign (RFC 7517). A set is read again when a token names a key that is not in it, at
 * most once in thirty seconds, and after an hour; a set that cannot be read leaves the last good one in use.
 */
final class ProviderKeys {

    private static final Duration BETWEEN_READS = Duration.ofSeconds(30);
    private static final Duration LIFE = Duration.ofHours(1);
    private static final int OK = 200;

    private final Map<Provider, Kept> kept = new ConcurrentHashMap<>();
    private final Transport transport;
    private final LongSupplier nanos;

    ProviderKeys(Transport transport, LongSupplier nanos) {
        this.transport = transport;
        this.nanos = nanos;
    }

    /** Reads the keys, so that the first user need not wait for them. */
    Mono<Void> warm(Provider provider) {
        return find(provider, null).then();
    }

    /**
     * The keys in force for a token.
     *
     * @param kid the key that it names; none if the token names none
     */
    Mono<Keys> find(Provider provider, @Nullable String kid) {
        return Mono.defer(() -> {
            Kept before = kept.computeIfAbsent(provider, unused -> new Kept());
            Keys now = before.keys(kid, false);
            if (now.isKnown() && !before.isOld()) {
                return Mono.just(now);
            }
            return before.read(provider).map(isRead -> before.keys(kid, isRead)).defaultIfEmpty(now);
        });
    }

    /**
     * What is known.
     *
     * @param set the keys; empty before the first were read
     * @param isKnown whether the key that was asked for is among them
     * @param isFresh whether they were read just now, so that an unknown key is none of the provider's
     */
    record Keys(Optional<JWKSet> set, boolean isKnown, boolean isFresh) {}

    /** What was read of one provider. */
    private final class Kept {

        private volatile @Nullable JWKSet set;
        private volatile long readAt;
        private @Nullable Mono<Boolean> reading;
        private long triedAt = nanos.getAsLong() - BETWEEN_READS.toNanos();

        Keys keys(@Nullable String kid, boolean isFresh) {
            JWKSet present = set;
            boolean isKnown = present != null && (kid == null || present.getKeyByKeyId(kid) != null);
            return new Keys(Optional.ofNullable(present), isKnown, isFresh);
        }

        boolean isOld() {
            return nanos.getAsLong() - readAt >= LIFE.toNanos();
        }

        /** Reads them, or waits for who does; empty if they were read, or tried to be, just before. */
        synchronized Mono<Boolean> read(Provider provider) {
            Mono<Boolean> running = reading;
            if (running != null) {
                return running;
            }
            long now = nanos.getAsLong();
            if (now - triedAt < BETWEEN_READS.toNanos() || provider.metadata().isEmpty()) {
                return Mono.empty();
            }
            triedAt = now;
            Mono<Boolean> call = transport
                    .get(provider.metadata().get().keys(), provider.settings().callTimeout())
                    .map(this::take)
                    .doOnTerminate(this::done)
                    .cache();
            reading = call;
            return call;
        }

        private synchronized void done() {
            reading = null;
        }

        private boolean take(Sent sent) {
            Optional<JWKSet> read = sent.fold(
                    answer -> answer.status() == OK ? parse(answer.body()) : Optional.<JWKSet>empty(),
                    lost -> Optional.<JWKSet>empty(),
                    unsent -> Optional.<JWKSet>empty());
            read.ifPresent(keys -> {
                set = keys;
                readAt = nanos.getAsLong();
            });
            return read.isPresent();
        }

        /** Only what verifies signatures is kept; a set without any counts as unreadable. */
        private static Optional<JWKSet> parse(String text) {
            try {
                JWKSet keys = JWKSet.parse(text).toPublicJWKSet();
                return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
            } catch (ParseException | RuntimeException malformed) {
                return Optional.empty();
            }
        }
    }
}
