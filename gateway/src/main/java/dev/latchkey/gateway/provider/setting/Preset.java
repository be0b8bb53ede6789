package dev.latchkey.gateway.provider.setting;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is particular about the providers of one maker. Each setting that is made goes before it. */
public enum Preset {
    GENERIC(false, "roles", false),
    KEYCLOAK(false, "realm_access.roles", false),
    /** Its metadata does not mention PKCE, which it supports. */
    ENTRA(true, "roles", true),
    OKTA(true, "groups", false),
    AUTH0(true, "roles", false),
    /** Its endpoints are on several hosts, and it gives a refresh token only with a consent to offline access. */
    GOOGLE(false, "", false),
    /** Its metadata does not mention PKCE, which it supports; its endpoints are on a host that is chosen for a pool. */
    COGNITO(false, "cognito:groups", true);

    private final boolean asksForOffline;
    private final String rolesClaim;
    private final boolean knowsS256;

    Preset(boolean asksForOffline, String rolesClaim, boolean knowsS256) {
        this.asksForOffline = asksForOffline;
        this.rolesClaim = rolesClaim;
        this.knowsS256 = knowsS256;
    }

    /** What is asked for. */
    public List<String> scopes() {
        return asksForOffline
                ? List.of("openid", "profile", "email", "offline_access")
                : List.of("openid", "profile", "email");
    }

    /** Path of the claim with the roles; empty if there is none. */
    public String rolesClaim() {
        return rolesClaim;
    }

    /** Whether it supports S256 (RFC 7636) although its metadata does not say so. */
    public boolean knowsS256() {
        return knowsS256;
    }

    /**
     * Whether the assertions of {@code private_key_jwt} are made out to the token endpoint. Its issuer is the safer
     * audience, which not every provider takes.
     */
    public boolean wantsEndpointAudience() {
        return this == ENTRA || this == OKTA;
    }

    /** Whether its end-session endpoint is what the standard says: Cognito's answers an ID token with an error page. */
    public boolean signsOutByIdToken() {
        return this != COGNITO;
    }

    /** Other hosts than the issuer's that its endpoints are on. */
    public Set<String> hosts() {
        return this == GOOGLE ? Set.of("oauth2.googleapis.com", "www.googleapis.com") : Set.of();
    }

    /** What is added to each authorization request. */
    public Map<String, String> parameters() {
        return this == GOOGLE ? Map.of("access_type", "offline") : Map.of();
    }
}
