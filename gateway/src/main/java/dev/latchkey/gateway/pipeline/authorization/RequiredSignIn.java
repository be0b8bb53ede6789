package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.ProviderName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * How its users must have signed in to enter a route: a step-up (RFC 9470).
 *
 * @param provider the OpenID Provider that those are sent to who must sign in; it excludes nobody
 * @param maxAge how long ago they may have proven who they are
 * @param acrValues in which ways; one of them is required
 */
public record RequiredSignIn(Optional<ProviderName> provider, Optional<Duration> maxAge, List<String> acrValues) {

    public static final RequiredSignIn NONE = new RequiredSignIn(Optional.empty(), Optional.empty(), List.of());

    /** As much as the provider's clock may differ, so that what counts at a callback counts here. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    public RequiredSignIn {
        acrValues = List.copyOf(acrValues);
    }

    /** Whether a user has signed in so. What their provider did not say counts as no. */
    public boolean isMetBy(AccessClaims caller, InstantSource clock) {
        return (maxAge.isEmpty() || isRecent(caller, maxAge.get(), clock.instant()))
                && (acrValues.isEmpty()
                        || caller.provider().acr().filter(acrValues::contains).isPresent());
    }

    private static boolean isRecent(AccessClaims caller, Duration most, Instant now) {
        return caller.provider()
                .authTime()
                .or(() -> caller.subject().isOfProvider() ? Optional.empty() : Optional.of(caller.authTime()))
                .filter(time -> !time.plus(most).plus(LEEWAY).isBefore(now))
                .isPresent();
    }
}
