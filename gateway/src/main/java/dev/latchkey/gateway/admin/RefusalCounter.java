package dev.latchkey.gateway.admin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy.FixedExpiration;
import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts refusals by the network that they come from: an address of IPv4, a /64 of IPv6. After ten wrong tokens within
 * a minute, each further one is told to wait until that minute is over.
 */
final class RefusalCounter {

    static final int MOST_WRONG = 10;
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** An attacker who has more networks than that can make some of them forgotten. */
    private static final int MOST_NETWORKS = 10_000;

    private final Cache<String, AtomicInteger> wrong;
    private final FixedExpiration<String, AtomicInteger> minutes;
    private final RepeatedEvents audit;

    RefusalCounter(RepeatedEvents audit, InstantSource clock) {
        this.audit = audit;
        this.wrong = Caffeine.newBuilder()
                .maximumSize(MOST_NETWORKS)
                .expireAfterWrite(WINDOW)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
        this.minutes = wrong.policy().expireAfterWrite().orElseThrow();
    }

    /** Why somebody was refused. */
    enum Reason {
        /** No token came. */
        MISSING("missing"),
        /** A certificate came that is no operator's, and no token. */
        CERTIFICATE("certificate"),
        /** A wrong token. */
        TOKEN("token"),
        /** A wrong token after too many others. */
        ATTEMPTS("attempts"),
        /** What another site made a browser send: a form of the console, or a request with a certificate. */
        CROSS_SITE("cross-site");

        private final String word;

        Reason(String word) {
            this.word = word;
        }
    }

    /** What is left of the minute in which there were too many wrong tokens; empty if there were not. */
    Optional<Duration> remaining(String address) {
        String network = IpAddresses.network(address);
        AtomicInteger count = wrong.getIfPresent(network);
        return count == null || count.get() < MOST_WRONG
                ? Optional.empty()
                : minutes.ageOf(network).map(WINDOW::minus);
    }

    void add(String address, Reason reason) {
        String network = IpAddresses.network(address);
        if (reason == Reason.TOKEN) {
            wrong.get(network, first -> new AtomicInteger()).getAndIncrement();
        }
        audit.record(AuditEvent.adminRefused(reason.word, address), network);
    }
}
