package dev.latchkey.gateway.provider;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.provider.transport.Sent;
import dev.latchkey.gateway.token.ProviderName;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;

/**
 * The keys with which providers sign (RFC 7517). A set is read again when a token is signed with none of them, at most
 * once in thirty seconds, and after an hour; a set that cannot be read leaves the last good one in use.
 */
final class ProviderKeys {

    private static final Duration BETWEEN_READS = Duration.ofSeconds(30);
    private static final Duration LIFE = Duration.ofHours(1);
    private static final int OK = 200;
    private static final int MOST_KEYS = 100;

    private static final ThrottledLog LOG = new ThrottledLog(LoggerFactory.getLogger(ProviderKeys.class), Level.WARN);

    private final Map<Provider, Kept> kept = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    ProviderKeys(LongSupplier nanos) {
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
            Kept before = kept.computeIfAbsent(provider, unused -> new Kept(provider.name()));
            Keys now = before.keys(kid, false);
            if (now.isKnown() && !before.isOld()) {
                return Mono.just(now);
            }
            return before.read(provider).map(isRead -> before.keys(kid, isRead)).defaultIfEmpty(now);
        });
    }

    /**
     * The keys in force for a token that those which were found did not sign: read again, because a provider that names
     * none of its keys, or names a new one like the old, shows only so that it has rolled.
     */
    Mono<Keys> again(Provider provider, @Nullable String kid) {
        return Mono.defer(() -> {
            Kept before = kept.computeIfAbsent(provider, unused -> new Kept(provider.name()));
            return before.read(provider)
                    .map(isRead -> before.keys(kid, isRead))
                    .defaultIfEmpty(before.keys(kid, false));
        });
    }

    /**
     * What is known.
     *
     * @param set the keys; empty before the first were read
     * @param isKnown whether the key that was asked for is among them
     * @param isFresh whether they were read just now, so that another key is none of the provider's
     */
    record Keys(Optional<JWKSet> set, boolean isKnown, boolean isFresh) {}

    /** What was read of one provider. */
    private final class Kept {

        private final ProviderName name;
        private volatile @Nullable JWKSet set;
        private volatile long readAt;
        private @Nullable Mono<Boolean> reading;
        private long triedAt = nanos.getAsLong() - BETWEEN_READS.toNanos();

        Kept(ProviderName name) {
            this.name = name;
        }

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
            Mono<Boolean> call = provider.transport()
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
            read.ifPresentOrElse(
                    keys -> {
                        set = keys;
                        readAt = nanos.getAsLong();
                    },
                    () -> LOG.write(
                            "Keys of provider " + name + " cannot be read",
                            sent.fold(answer -> "status " + answer.status(), Sent.Lost::how, Sent.Unsent::why)));
            return read.isPresent();
        }

        /**
         * Only what verifies signatures is kept. A set without any counts as unreadable, and so does one with more than
         * a provider rolls through: a token that names none is tried with each.
         */
        private static Optional<JWKSet> parse(String text) {
            try {
                List<JWK> keys = Stream.of(JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(text), "keys"))
                        .flatMap(key -> publicKey(key).stream())
                        .toList();
                return keys.isEmpty() || keys.size() > MOST_KEYS ? Optional.empty() : Optional.of(new JWKSet(keys));
            } catch (ParseException | RuntimeException malformed) {
                return Optional.empty();
            }
        }

        /** One that cannot be used, such as of another curve, is left out, and the others count (section 5). */
        private static Optional<JWK> publicKey(Map<String, Object> key) {
            try {
                return Optional.ofNullable(JWK.parse(key).toPublicJWK());
            } catch (ParseException | RuntimeException unusable) {
                return Optional.empty();
            }
        }
    }
}
