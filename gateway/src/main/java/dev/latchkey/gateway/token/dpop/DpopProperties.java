package dev.latchkey.gateway.token.dpop;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Tokens that are bound to a key of their client (DPoP, RFC 9449).
 *
 * @param enabled Whether a client that sends a proof to {@code /auth/token} gets tokens that only the holder of its key
 *     can use. If not, proofs are not looked at, and tokens that were bound before are refused
 * @param nonceRequired Whether a proof must have a nonce of this gateway, at most two minutes old, so that none can be
 *     made ahead
 * @param skew How far {@code iat} of a proof may be from the gateway's time, either way, 1 second to 5 minutes
 * @param rememberedProofs Most proofs that a node remembers within a period of twice the skew, so that each counts
 *     once. Those of the period before are kept, too, and those of sign-ins apart: four times as many in all, of about
 *     60 bytes each. While there is no room, requests with proofs get 503
 */
@ConfigurationProperties("latchkey.dpop")
public record DpopProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("true") boolean nonceRequired,
        @DefaultValue("60s") Duration skew,
        @DefaultValue("1000000") int rememberedProofs) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int FEWEST = 1_000;
    private static final int MOST = 100_000_000;

    public DpopProperties {
        if (skew.compareTo(SHORTEST) < 0 || skew.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("latchkey.dpop.skew must lie between 1s and 5m");
        }
        if (rememberedProofs < FEWEST || rememberedProofs > MOST) {
            throw new IllegalArgumentException(
                    "latchkey.dpop.remembered-proofs must lie between " + FEWEST + " and " + MOST);
        }
    }
}
