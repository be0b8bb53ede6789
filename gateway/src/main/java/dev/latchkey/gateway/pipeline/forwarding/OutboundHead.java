package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.http.FieldNames;
import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.MutableHeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.telemetry.RequestIdProperties;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The head of a request as its backend gets it, made in one pass over the client's: without what belongs to the
 * client's connection, what a client must not say, and the gateway's cookies; with what the route changes, how the
 * client reached the gateway, and who is calling. {@code Host}, {@code Transfer-Encoding} and {@code Upgrade} are left
 * to the connection that carries it.
 */
@Component
public final class OutboundHead {

    private static final String AUTHORIZATION = "Authorization";

    private final CookieHygiene cookies;
    private final ForwardedHeaders forwarded;
    private final ForwardedPrefix prefixes;
    private final String requestId;

    OutboundHead(
            CookieHygiene cookies,
            ForwardedHeaders forwarded,
            ForwardedPrefix prefixes,
            RequestIdProperties requestIds) {
        this.cookies = cookies;
        this.forwarded = forwarded;
        this.prefixes = prefixes;
        this.requestId = requestIds.enabled() ? FieldNames.lower(requestIds.header()) : "";
    }

    /**
     * Writes all header lines but those of the connection.
     *
     * @param changes that the route makes
     * @param stripped the prefix that the route removed from the path; empty if there is none
     * @param backend is empty
     */
    public void write(
            RequestHead request,
            HeaderChanges changes,
            OutboundIdentity identity,
            String stripped,
            MutableHeaderFields backend) {
        HeaderFields client = request.fields();
        client.forEach(new Lines(
                HopByHop.namedByClient(client, requestId),
                requestId,
                isChunked(client),
                changes,
                identity.keepAuthorization(),
                cookies,
                backend));
        MaxForwards.count(request.method(), backend);
        changes.addTo(backend);
        forwarded.add(request, backend);
        String prefix = prefixes.forBackend(request, stripped);
        if (!prefix.isEmpty()) {
            backend.add(ForwardedPrefix.NAME, prefix);
        }
        if (identity.token().isPresent()) {
            backend.set(AUTHORIZATION, identity.token().get().credentials());
        }
        if (!identity.headers().isEmpty()) {
            identity.headers().forEach(backend::set);
        }
    }

    /** A length beside it means nothing, and must go (RFC 9112 section 6.3). */
    private static boolean isChunked(HeaderFields client) {
        String coding = client.first("Transfer-Encoding");
        return coding != null && coding.trim().equalsIgnoreCase("chunked");
    }

    /** Copies what the backend may see. */
    private record Lines(
            Set<String> named,
            String requestId,
            boolean isChunked,
            HeaderChanges changes,
            boolean keepAuthorization,
            CookieHygiene cookies,
            MutableHeaderFields backend)
            implements BiConsumer<CharSequence, String> {

        @Override
        public void accept(CharSequence name, String value) {
            if (isHeldBack(name) || HopByHop.isNamed(named, name) || changes.replaces(name) || isOtherRequestId(name)) {
                return;
            }
            String left = left(name, value);
            if (left != null) {
                backend.add(name, left);
            }
        }

        /** One that a backend could take for the gateway's, and which the gateway has not set. */
        private boolean isOtherRequestId(CharSequence name) {
            return ReservedHeaders.areSame(requestId, name) && !FieldNames.is(name, requestId);
        }

        private @Nullable String left(CharSequence name, String value) {
            if (FieldNames.is(name, "cookie")) {
                return cookies.withoutOurs(value);
            }
            return FieldNames.is(name, Trailers.ANNOUNCEMENT) ? Trailers.announced(value, changes) : value;
        }

        /** First by the first letter: most names begin with one with which no other begins that is held back. */
        private boolean isHeldBack(CharSequence name) {
            boolean isOver = switch (name.isEmpty() ? ' ' : FieldNames.lower(name.charAt(0))) {
                case 'a' -> !keepAuthorization && FieldNames.is(name, "authorization");
                case 'c' -> FieldNames.is(name, "connection") || (isChunked && FieldNames.is(name, "content-length"));
                case 'd' -> !keepAuthorization && FieldNames.is(name, "dpop");
                case 'h' -> FieldNames.is(name, "host");
                case 'f' -> ReservedHeaders.tellsForWhom(name);
                case 'k', 't', 'u' -> HopByHop.isOne(name);
                case 'l' -> ReservedHeaders.isOurs(name);
                case 's' -> ReservedHeaders.isOfDeviceSession(name);
                case 'p' -> HopByHop.isOne(name) || FieldNames.is(name, "proxy-connection");
                case 'x' -> HopByHop.isOne(name) || ReservedHeaders.tellsForWhom(name);
                default -> false;
            };
            return isOver || (ReservedHeaders.overridesRequest(name) && !changes.passes(name));
        }
    }
}
