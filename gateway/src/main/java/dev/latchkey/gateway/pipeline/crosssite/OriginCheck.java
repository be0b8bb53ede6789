package dev.latchkey.gateway.pipeline.crosssite;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.SafeMethods;
import dev.latchkey.gateway.origin.PublicOriginsProperties;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Whether a browser may send this request, with cookies, from the page that it shows: decided by {@code Origin} (RFC
 * 6454) and fetch metadata, which scripts cannot forge. SameSite cookies alone would not keep out the neighbours: every
 * host of our own registrable domain is the same site.
 */
@Component
public final class OriginCheck {

    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final Set<String> publicOrigins;
    private final Set<String> allowedOrigins;

    OriginCheck(PublicOriginsProperties publicOrigins, CrossSiteProperties properties) {
        this.publicOrigins = publicOrigins.serialized();
        this.allowedOrigins = properties.serialized();
    }

    /**
     * Safe methods pass, except a WebSocket handshake. The rest passes with an allowed {@code Origin}, else with
     * {@code Sec-Fetch-Site: same-origin} or {@code none}, else, if that header is missing, with one of our own origins
     * or none at all.
     */
    public boolean allows(RequestHead request) {
        return isHarmless(request) || isFromAllowedOrigin(request.fields());
    }

    /** Browsers let any site open a WebSocket, with cookies, by a GET. */
    private static boolean isHarmless(RequestHead request) {
        return SafeMethods.contains(request.method()) && !asksForWebSocket(request.fields());
    }

    private static boolean asksForWebSocket(HeaderFields fields) {
        for (String upgrade : fields.all("Upgrade")) {
            if (upgrade.toLowerCase(Locale.ROOT).contains("websocket")) {
                return true;
            }
        }
        return false;
    }

    private boolean isFromAllowedOrigin(HeaderFields fields) {
        List<String> origins = fields.all("Origin");
        if (isOneOf(origins, allowedOrigins)) {
            return true;
        }
        List<String> sites = fields.all(FETCH_SITE);
        if (!sites.isEmpty()) {
            return isOneOf(sites, OWN_SITE);
        }
        return origins.isEmpty() || isOneOf(origins, publicOrigins);
    }

    /** A header that is there twice can be read in two ways, so it proves nothing. */
    private static boolean isOneOf(List<String> values, Set<String> accepted) {
        return values.size() == 1 && accepted.contains(values.get(0));
    }
}
