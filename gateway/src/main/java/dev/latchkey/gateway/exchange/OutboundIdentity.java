package dev.latchkey.gateway.exchange;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.IdentityToken;
import java.util.Map;
import java.util.Optional;

/**
 * As whom a request leaves. Its headers are made at the last moment, because the framework removes some after all of
 * its filters have run.
 *
 * @param caller the user, whatever the backend learns; empty on public routes and for guests
 * @param token says who is calling
 * @param headers say so in plain text
 * @param keepAuthorization whether the client's own {@code Authorization} stays; only without a user
 */
public record OutboundIdentity(
        Optional<AccessClaims> caller,
        Optional<IdentityToken> token,
        Map<String, String> headers,
        boolean keepAuthorization) {

    /** A request about which nothing was decided leaves without a user. */
    public static final OutboundIdentity UNKNOWN = anonymous(false);

    public OutboundIdentity {
        headers = Map.copyOf(headers);
    }

    public static OutboundIdentity anonymous(boolean keepAuthorization) {
        return new OutboundIdentity(Optional.empty(), Optional.empty(), Map.of(), keepAuthorization);
    }
}
