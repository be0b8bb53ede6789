package dev.latchkey.gateway.provider;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an ID token must say beyond what every one must.
 *
 * @param client which it must be made out to
 * @param nonce of the attempt to sign in; of a refreshed token it is empty, because it may be left out there
 * @param sub whose it must be
 * @param maxAge how long ago the user may have signed in, counted with a leeway of a minute
 * @param acrValues one of which it must have; none if empty
 */
public record Expected(
        ClientType client,
        Optional<String> nonce,
        Optional<String> sub,
        Optional<Duration> maxAge,
        List<String> acrValues) {

    /** What the token of an attempt to sign in must say, which this client began with this nonce. */
    public static Expected ofAttempt(ClientType client, String nonce) {
        return new Expected(client, Optional.of(nonce), Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * Of a refresh. When the user signed in is not compared: providers say it of a session there, in which another of
     * their clients may have had the user sign in again.
     */
    public static Expected ofRefresh(ClientType client, String sub) {
        return new Expected(client, Optional.empty(), Optional.of(sub), Optional.empty(), List.of());
    }

    /** Whether it must say more than who the user is. */
    public boolean isStepUp() {
        return maxAge.isPresent() || !acrValues.isEmpty();
    }

    /** Hides who it is. */
    @Override
    public String toString() {
        return "Expected[client=%s, nonce=%s, sub=%s, maxAge=%s, acrValues=%s]"
                .formatted(client, nonce.isPresent(), sub.isPresent(), maxAge, acrValues);
    }
}
