package dev.latchkey.gateway.proof;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Reads proofs that bring their key, each with the same header as the one before: what a header says, and that its key
 * is a point of the curve, is found out once for each client that has proven its key.
 */
public final class ProofReader {

    /** With at most 4 kB of text and a kilobyte of key each. */
    private static final int MOST_CLIENTS = 10_000;

    private static final Duration LIFE = Duration.ofMinutes(10);

    private final String type;
    private final Cache<String, ProofKey> keys = Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(LIFE)
            .build();

    /** @param type what {@code typ} must be */
    public ProofReader(String type) {
        this.type = type;
    }

    /** Reads a proof without believing it, as {@link ProofJwt#read}. */
    public ProofJwt.Reading read(String compact) {
        return ProofJwt.read(compact, type, keys::getIfPresent);
    }

    /** Remembers the header of a proof that was signed by its key: garbage displaces none. */
    public void remember(ProofJwt proof) {
        proof.key().ifPresent(key -> keys.put(proof.header(), key));
    }
}
