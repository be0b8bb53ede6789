package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.device.DeviceBindingProperties;
import dev.latchkey.gateway.http.EventStream;
import dev.latchkey.gateway.http.FieldNames;
import dev.latchkey.gateway.http.MutableHeaderFields;
import dev.latchkey.gateway.token.AccessClaims;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BiPredicate;
import org.springframework.stereotype.Component;

/**
 * The head of a backend's response as its client gets it, changed in place in one pass: without what belongs to the
 * backend's connection and what a backend must not do to a session, and with what the route changes. It must be called
 * before the gateway adds anything of its own.
 */
@Component
public final class ResponseHead {

    private static final String CLEAR_SITE_DATA = "clear-site-data";

    /** Where the gateway checks proofs, a client sends the newest nonce that it got (RFC 9449 section 8.2). */
    private static final String DPOP_NONCE = "dpop-nonce";

    private static final String UPGRADE = "Upgrade";
    private static final int UPGRADE_REQUIRED = 426;

    private final CookieHygiene cookies;
    private final boolean mayBind;

    ResponseHead(CookieHygiene cookies, DeviceBindingProperties device) {
        this.cookies = cookies;
        this.mayBind = device.isOffered();
    }

    /**
     * The head of a final answer, as {@link #clean} leaves it. A 426 says what to upgrade to, without which it means
     * nothing (RFC 9110 section 15.5.22); the option of {@code Connection} that goes with it is the listener's to add.
     */
    public void cleanFinal(
            int status, MutableHeaderFields response, HeaderChanges changes, Optional<AccessClaims> caller) {
        String protocols = status == UPGRADE_REQUIRED ? String.join(", ", response.all(UPGRADE)) : "";
        clean(response, changes, caller);
        if (!protocols.isEmpty()) {
            response.set(UPGRADE, protocols);
        }
    }

    /**
     * Leaves what the client may see. A stream of events has no length there, because it may end before its backend
     * ends it, and what the client still waited for would be the next response.
     *
     * @param changes that the route makes
     * @param caller who is calling, so that the response is theirs alone
     */
    public void clean(MutableHeaderFields response, HeaderChanges changes, Optional<AccessClaims> caller) {
        Lines lines = new Lines(HopByHop.named(response), changes, cookies, caller.isPresent());
        response.removeIf(lines);
        if (lines.announcesTrailers) {
            Trailers.cleanAnnounced(response, changes);
        }
        changes.dedupeIn(response);
        if (lines.clearsCookies) {
            response.remove(CLEAR_SITE_DATA);
        } else if (lines.clearsStorage && mayHoldKey(caller)) {
            keepStorage(response);
        }
        changes.addTo(response);
        if (EventStream.isTypeOf(response.first("Content-Type"))) {
            response.remove("Content-Length");
        }
        if (caller.isPresent()) {
            CacheSharing.keepPrivate(response);
        }
    }

    /** Who calls a public route is not known: a browser with a bound session may. */
    private boolean mayHoldKey(Optional<AccessClaims> caller) {
        return caller.map(AccessClaims::deviceBound).orElse(mayBind);
    }

    /** With its storage, a browser would lose the key that its session is bound to. */
    private static void keepStorage(MutableHeaderFields response) {
        StringJoiner kept = new StringJoiner(", ");
        for (String line : response.all(CLEAR_SITE_DATA)) {
            for (String part : line.split(",", -1)) {
                if (!part.isBlank() && !clearsStorage(part)) {
                    kept.add(part.strip());
                }
            }
        }
        response.remove(CLEAR_SITE_DATA);
        if (kept.length() > 0) {
            response.set("Clear-Site-Data", kept.toString());
        }
    }

    private static boolean clearsStorage(String value) {
        return value.toLowerCase(Locale.ROOT).contains("storage");
    }

    /** Which lines of the response the client must not see. */
    private static final class Lines implements BiPredicate<CharSequence, String> {

        private final Set<String> named;
        private final HeaderChanges changes;
        private final CookieHygiene cookies;
        private final boolean isIdentified;
        private boolean clearsCookies;
        private boolean clearsStorage;
        private boolean announcesTrailers;

        Lines(Set<String> named, HeaderChanges changes, CookieHygiene cookies, boolean isIdentified) {
            this.named = named;
            this.changes = changes;
            this.cookies = cookies;
            this.isIdentified = isIdentified;
        }

        @Override
        public boolean test(CharSequence name, String value) {
            return isHeldBack(name, value) || HopByHop.isNamed(named, name) || changes.replaces(name);
        }

        private boolean isHeldBack(CharSequence name, String value) {
            return switch (name.isEmpty() ? ' ' : FieldNames.lower(name.charAt(0))) {
                case 'c' -> {
                    if (FieldNames.is(name, CLEAR_SITE_DATA)) {
                        clearsCookies |= clearsCookies(value);
                        clearsStorage |= clearsStorage(value);
                    }
                    yield FieldNames.is(name, "connection");
                }
                case 'd' -> isIdentified && FieldNames.is(name, DPOP_NONCE);
                case 'k', 'p', 'u', 'x' -> HopByHop.isOne(name);
                case 't' -> {
                    announcesTrailers |= FieldNames.is(name, Trailers.ANNOUNCEMENT);
                    yield HopByHop.isOne(name);
                }
                case 'l' -> ReservedHeaders.isOurs(name);
                case 's' ->
                    (FieldNames.is(name, "set-cookie") && cookies.setsOurs(value))
                            || ReservedHeaders.isOfDeviceSession(name);
                default -> false;
            };
        }

        /** Clearing cookies would sign the user out of every backend. */
        private static boolean clearsCookies(String value) {
            return value.indexOf('*') >= 0 || value.toLowerCase(Locale.ROOT).contains("cookies");
        }
    }
}
