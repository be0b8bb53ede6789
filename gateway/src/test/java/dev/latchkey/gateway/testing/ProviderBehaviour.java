package dev.latchkey.gateway.testing;

import java.time.Duration;
import java.util.Map;

/** What {@link StrictProvider} does differently when a test asks it to. */
public final class ProviderBehaviour {

    private volatile Duration lifetime = Duration.ofMinutes(5);
    private volatile boolean saysLifetime = true;
    private volatile boolean rotates = true;
    private volatile boolean refreshesIdToken = true;
    private volatile boolean requiresPushed = false;
    private volatile boolean requiresDpopNonce = false;
    private volatile Map<String, Object> idTokenClaims = Map.of();
    private volatile Map<String, Object> userInfo = Map.of();

    /** How long access and ID tokens live. */
    public void lifetime(Duration value) {
        lifetime = value;
    }

    Duration lifetime() {
        return lifetime;
    }

    /** Whether answers say so. */
    public void saysLifetime(boolean value) {
        saysLifetime = value;
    }

    boolean saysLifetime() {
        return saysLifetime;
    }

    /** Whether a refresh gives a new refresh token and voids the old one. */
    public void rotates(boolean value) {
        rotates = value;
    }

    boolean rotates() {
        return rotates;
    }

    /** Whether a refresh gives an ID token. */
    public void refreshesIdToken(boolean value) {
        refreshesIdToken = value;
    }

    boolean refreshesIdToken() {
        return refreshesIdToken;
    }

    /** Whether authorization requests must be pushed (RFC 9126). */
    public void requiresPushed(boolean value) {
        requiresPushed = value;
    }

    boolean requiresPushed() {
        return requiresPushed;
    }

    /** Whether token requests must prove possession with the nonce of the server (RFC 9449 section 8). */
    public void requiresDpopNonce(boolean value) {
        requiresDpopNonce = value;
    }

    boolean requiresDpopNonce() {
        return requiresDpopNonce;
    }

    /** What the user info endpoint says beside the user's {@code sub}; another {@code sub} goes before it. */
    public void userInfo(Map<String, Object> value) {
        userInfo = value;
    }

    Map<String, Object> userInfo() {
        return userInfo;
    }

    /** Put over the claims of each ID token; an empty text takes one out. */
    public void idTokenClaims(Map<String, Object> value) {
        idTokenClaims = value;
    }

    Map<String, Object> idTokenClaims() {
        return idTokenClaims;
    }
}
