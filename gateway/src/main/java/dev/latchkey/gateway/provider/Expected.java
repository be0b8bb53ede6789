package dev.latchkey.gateway.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an ID token must say beyond what every one must.
 *
 * @param nonce of the attempt to sign in; of a refreshed token it is empty, because it may be left out there
 * @param sub whose it must be
 * @param authTime when that user signed in, to the second, which a refresh must not change (Core section 12.2)
 * @param maxAge how long ago the user may have signed in, counted with a leeway of a minute
 * @param acrValues one of which it must have; none if empty
 */
public record Expected(
        Optional<String> nonce,
        Optional<String> sub,
        Optional<Instant> authTime,
        Optional<Duration> maxAge,
        List<String> acrValues) {

    /** Of an attempt to sign in with this nonce. */
    public static Expected ofAttempt(String nonce) {
        return new Expected(Optional.of(nonce), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /** Of a refresh. */
    public static Expected ofRefresh(String sub, Optional<Instant> authTime) {
        return new Expected(Optional.empty(), Optional.of(sub), authTime, Optional.empty(), List.of());
    }

    /** Hides who it is. */
    @Override
    public String toString() {
        return "Expected[nonce=%s, sub=%s, maxAge=%s, acrValues=%s]"
                .formatted(nonce.isPresent(), sub.isPresent(), maxAge, acrValues);
    }
}
