package dev.latchkey.gateway.pipeline.crosssite;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.MutableHeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.origin.Origin;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which other origins' scripts may read the responses of one route (the CORS protocol of the Fetch standard). It trusts
 * none of them: whether a request with cookies may change something is decided by {@link OriginCheck} alone.
 *
 * @param origins as browsers write them, or {@link #ANY} alone
 * @param methods that a preflight may ask about
 * @param headers that a preflight may ask about, in lower case, or {@link #ANY} alone
 * @param exposed headers of the response that scripts may read
 * @param credentials whether scripts may read responses to requests with cookies
 * @param maxAge how long a browser may remember the response to a preflight
 */
public record CorsRule(
        Set<String> origins,
        Set<String> methods,
        Set<String> headers,
        List<String> exposed,
        boolean credentials,
        Duration maxAge) {

    /** The key under which a route's metadata hold its rule. */
    public static final String METADATA_KEY = "latchkey.cors-rule";

    /** Every origin or header, in the spelling of the routes file. */
    public static final String ANY = "*";

    private static final List<String> ABOUT_ACCESS = List.of(
            AccessControl.ALLOW_ORIGIN,
            AccessControl.ALLOW_CREDENTIALS,
            AccessControl.ALLOW_METHODS,
            AccessControl.ALLOW_HEADERS,
            AccessControl.EXPOSE_HEADERS,
            AccessControl.MAX_AGE);

    public CorsRule {
        origins = Set.copyOf(origins);
        methods = Set.copyOf(methods);
        headers = Set.copyOf(headers);
        exposed = List.copyOf(exposed);
        if (credentials && origins.contains(ANY)) {
            throw new IllegalArgumentException("answers to requests with cookies cannot be opened to every origin");
        }
    }

    /** An origin in the one spelling that browsers send; empty if the text is not an origin. */
    public static Optional<String> origin(String text) {
        return Origin.parse(text);
    }

    /** Whether a preflight asks only for what is allowed. */
    public boolean allows(RequestHead preflight) {
        HeaderFields asked = preflight.fields();
        return isAllowedOrigin(AccessControl.originOf(asked))
                && methods.containsAll(asked.all(AccessControl.REQUEST_METHOD))
                && asked.all(AccessControl.REQUEST_HEADERS).stream()
                        .flatMap(names -> Arrays.stream(names.split(",", -1)))
                        .allMatch(this::isAllowedHeader);
    }

    private boolean isAllowedOrigin(@Nullable String origin) {
        return origin != null && (origins.contains(ANY) || origins.contains(origin));
    }

    /** A wildcard never includes {@code Authorization} (Fetch standard, CORS-safelisted and wildcard headers). */
    private boolean isAllowedHeader(String header) {
        String name = header.strip().toLowerCase(Locale.ROOT);
        return name.isEmpty() || headers.contains(name) || (headers.contains(ANY) && !name.equals("authorization"));
    }

    /** Grants what a preflight asks for; see {@link #allows}. */
    public void grant(RequestHead preflight, MutableHeaderFields answer) {
        String origin = AccessControl.originOf(preflight.fields());
        if (origin != null) {
            open(origin, answer);
        }
        AccessControl.grantAsked(preflight.fields(), answer, maxAge);
    }

    /** Says who may read a response, in place of what the backend says. */
    public void describe(RequestHead request, MutableHeaderFields answer) {
        ABOUT_ACCESS.forEach(answer::remove);
        String origin = AccessControl.originOf(request.fields());
        if (origin != null && isAllowedOrigin(origin)) {
            open(origin, answer);
            expose(answer);
        }
        if (!origins.contains(ANY)) {
            AccessControl.varyByOrigin(answer);
        }
    }

    /** Adds what scripts may read in addition to the headers that they always may. */
    public void expose(MutableHeaderFields answer) {
        exposed.forEach(name -> answer.add(AccessControl.EXPOSE_HEADERS, name));
    }

    private void open(String origin, MutableHeaderFields answer) {
        answer.set(AccessControl.ALLOW_ORIGIN, origins.contains(ANY) ? ANY : origin);
        if (credentials) {
            answer.set(AccessControl.ALLOW_CREDENTIALS, "true");
        }
    }
}
