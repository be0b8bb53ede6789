package dev.latchkey.gateway.exchange;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.BackendToken;
import java.util.Map;
import java.util.Optional;

/**
 * As whom a request leaves. Its headers are made at the last moment, because the framework removes some after all of
 * its filters have run.
 *
 * @param caller the user, whatever the backend learns; empty on public routes and for guests
 * @param token what the backend gets in {@code Authorization}: who is calling, or a provider's access token
 * @param headers say so in plain text
 * @param keepAuthorization whether the client's own {@code Authorization} stays; only without a user
 */
public record OutboundIdentity(
        Optional<AccessClaims> caller,
        Optional<BackendToken> token,
        Map<String, String> headers,
        boolean keepAuthorization) {

    /** A request about which nothing was decided leaves without a user. */
    public static final OutboundIdentity UNKNOWN = anonymous(false);

    public OutboundIdentity {
        headers = Map.copyOf(headers);
    }

    /** A user whose backend gets this token, and nothing else of them. */
    public static OutboundIdentity of(AccessClaims caller, BackendToken token) {
        return new OutboundIdentity(Optional.of(caller), Optional.of(token), Map.of(), false);
    }

    /** A user of whom the backend learns nothing. */
    public static OutboundIdentity unnamed(AccessClaims caller) {
        return new OutboundIdentity(Optional.of(caller), Optional.empty(), Map.of(), false);
    }

    public static OutboundIdentity anonymous(boolean keepAuthorization) {
        return new OutboundIdentity(Optional.empty(), Optional.empty(), Map.of(), keepAuthorization);
    }
}
