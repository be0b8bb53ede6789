package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What routes ask about one request, each answer found once. Not for two threads. */
public final class MatchContext {

    private final RequestHead request;
    private final StickyKey keys;
    private final PathSegments path;
    private @Nullable String method;
    private @Nullable String host;
    private @Nullable String stickyKey;

    public MatchContext(RequestHead request, StickyKey keys) {
        this.request = request;
        this.keys = keys;
        this.path = PathSegments.of(request.path());
    }

    public PathSegments path() {
        return path;
    }

    public HeaderFields fields() {
        return request.fields();
    }

    /** Still encoded. */
    public @Nullable String query() {
        return request.query();
    }

    /** The method; of a preflight, the one that it asks about. */
    public String method() {
        String known = method == null ? methodOf(request) : method;
        method = known;
        return known;
    }

    private static String methodOf(RequestHead request) {
        String asked = CrossOriginAccess.methodOfPreflight(request);
        return asked == null ? request.method() : asked;
    }

    /**
     * In lower case, without a port, and without the dot that may end a fully qualified name; empty if none is named.
     */
    public String host() {
        String known = host == null ? nameIn(request.fields().first("Host")) : host;
        host = known;
        return known;
    }

    /** The host alone (RFC 3986 section 3.2.2). */
    private static String nameIn(@Nullable String header) {
        String authority = header == null ? "" : header.toLowerCase(Locale.ROOT);
        int colon = authority.lastIndexOf(':');
        String name = colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** What {@link StickyKey} says of this request. */
    public String stickyKey() {
        String known = stickyKey == null ? keys.of(request) : stickyKey;
        stickyKey = known;
        return known;
    }
}
