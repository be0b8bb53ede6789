package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.token.ProviderName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.web.util.UriUtils;

/**
 * One attempt of one browser to sign in with a provider, kept in a sealed cookie until the callback (OpenID Connect
 * Core section 3.1.2).
 *
 * @param state binds the callback to the browser (RFC 6749 section 10.12)
 * @param nonce binds the ID token to the attempt (OpenID Connect Core section 15.5.2)
 * @param verifier the code verifier of PKCE (RFC 7636)
 * @param back where it leads to, or how the path is kept
 * @param begun when the browser was sent to the provider, in whole seconds
 * @param restarts how often it was begun anew by itself, which is bounded
 * @param wish what it asks of the provider
 */
record Attempt(
        ProviderName provider,
        String state,
        String nonce,
        String verifier,
        Back back,
        Instant begun,
        int restarts,
        Wish wish) {

    /** How long a user may take at the provider. */
    static final Duration LIFE = Duration.ofMinutes(10);

    /** It may begin anew by itself so often; after that a person decides. */
    static final int MOST_RESTARTS = 1;

    private static final int SECRET_BYTES = 32;
    private static final int STATE_BYTES = 16;
    private static final int FIELDS = 11;

    static Attempt begin(ProviderName provider, Back back, Wish wish, int restarts, Instant now, SecureRandom random) {
        return new Attempt(
                provider,
                Base64Url.random(random, STATE_BYTES),
                Base64Url.random(random, STATE_BYTES),
                Base64Url.random(random, SECRET_BYTES),
                back,
                Instant.ofEpochSecond(now.getEpochSecond()),
                restarts,
                wish);
    }

    /** The challenge of the verifier (RFC 7636 section 4.2): S256, never plain. */
    String challenge() {
        return Base64Url.encode(Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * Whether a callback at this provider's address carries this attempt's state; takes equally long for all others.
     */
    boolean isOf(ProviderName called, String presented) {
        return provider.equals(called)
                && MessageDigest.isEqual(
                        state.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
    }

    boolean isExpired(Instant now) {
        return now.isAfter(begun.plus(LIFE));
    }

    boolean mayRestart() {
        return restarts < MOST_RESTARTS;
    }

    /** As lines, of which none holds a line break. */
    String text() {
        return String.join(
                "\n",
                provider.value(),
                state,
                nonce,
                verifier,
                back.path(),
                back.kept().orElse(""),
                Long.toString(begun.getEpochSecond()),
                Integer.toString(restarts),
                wish.maxAge().map(age -> Long.toString(age.toSeconds())).orElse(""),
                String.join(" ", wish.acrValues()),
                wish.silent() ? "silent" : "");
    }

    /** What {@link #text()} wrote; empty if it is anything else. */
    static Optional<Attempt> parse(String text) {
        String[] fields = text.split("\n", -1);
        if (fields.length != FIELDS || !ProviderName.isWellFormed(fields[0])) {
            return Optional.empty();
        }
        try {
            Optional<Duration> maxAge =
                    fields[8].isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(Long.parseLong(fields[8])));
            List<String> acrValues = fields[9].isEmpty() ? List.of() : Arrays.asList(fields[9].split(" ", -1));
            return Optional.of(new Attempt(
                    new ProviderName(fields[0]),
                    fields[1],
                    fields[2],
                    fields[3],
                    new Back(fields[4], Optional.of(fields[5]).filter(kept -> !kept.isEmpty())),
                    Instant.ofEpochSecond(Long.parseLong(fields[6])),
                    Integer.parseInt(fields[7]),
                    new Wish(maxAge, acrValues, Optional.empty(), fields[10].equals("silent"))));
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    /** Hides everything: each part is a secret or says where a user goes. */
    @Override
    public String toString() {
        return "Attempt[" + provider + "]";
    }

    /**
     * Where a sign-in leads to.
     *
     * @param path the return path
     * @param kept the name under which a path is kept that is too long for a cookie
     */
    record Back(String path, Optional<String> kept) {

        /** As the query of an address that begins a sign-in. */
        String query() {
            return kept.map(name -> "attempt=" + encoded(name)).orElseGet(() -> "return=" + encoded(path));
        }

        private static String encoded(String text) {
            return UriUtils.encode(text, StandardCharsets.UTF_8);
        }
    }

    /**
     * What the provider is asked for.
     *
     * @param maxAge how long ago the user may have proven who they are (OpenID Connect Core section 3.1.2.1)
     * @param acrValues in which ways; one of them is required
     * @param loginHint whom the form there may be filled in with; not kept for the callback
     * @param silent whether the provider must not show anything ({@code prompt=none})
     */
    record Wish(Optional<Duration> maxAge, List<String> acrValues, Optional<String> loginHint, boolean silent) {

        static final Wish NOTHING = new Wish(Optional.empty(), List.of(), Optional.empty(), false);

        /** Whether an answer must say more than who the user is. */
        boolean isStepUp() {
            return maxAge.isPresent() || !acrValues.isEmpty();
        }
    }
}
