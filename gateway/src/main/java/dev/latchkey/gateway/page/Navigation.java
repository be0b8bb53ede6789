package dev.latchkey.gateway.page;

import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Distinguishes a person who follows a link or sends a form from a program. */
public final class Navigation {

    private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final Set<String> ELSEWHERE = Set.of("cross-site", "same-site");

    /** Destinations of the Fetch standard. */
    private static final Set<String> FRAMES = Set.of("embed", "frame", "iframe", "object");

    /** RFC 6750 and RFC 9449; a browser may send its own for {@code Basic}. */
    private static final List<String> TOKEN_SCHEMES = List.of("Bearer ", "DPoP ");

    private Navigation() {}

    /** By fetch metadata; browsers without them are recognized by what they accept. */
    public static boolean is(ServerHttpRequest request) {
        String mode = request.getHeaders().getFirst("Sec-Fetch-Mode");
        return mode != null ? mode.equals("navigate") : acceptsPage(request);
    }

    /**
     * Whether it asks for HTML, and not as some libraries do of their own accord ({@code HttpURLConnection} of the
     * JDK): a client that brings a token is a program, and a person's sign-in would not change that token.
     */
    public static boolean acceptsPage(ServerHttpRequest request) {
        String accept = request.getHeaders().getFirst(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/html") && !bringsToken(request);
    }

    private static boolean bringsToken(ServerHttpRequest request) {
        String authorization = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        return authorization != null && TOKEN_SCHEMES.stream().anyMatch(scheme -> isOf(scheme, authorization));
    }

    private static boolean isOf(String scheme, String authorization) {
        return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /**
     * Whether another site led here, as with a link. A browser that renews its session on the way holds its cookies
     * back from that ({@code SameSite=Lax}).
     */
    public static boolean isFromElsewhere(ServerHttpRequest request) {
        String site = request.getHeaders().getFirst("Sec-Fetch-Site");
        return site != null && ELSEWHERE.contains(site);
    }

    /** Whether what it leads to fills a frame, in which browsers show no page of the gateway's own. */
    public static boolean isInFrame(ServerHttpRequest request) {
        String destination = request.getHeaders().getFirst("Sec-Fetch-Dest");
        return destination != null && FRAMES.contains(destination);
    }

    /** Whether it only reads, so that it may be repeated without loss. */
    public static boolean onlyReads(ServerHttpRequest request) {
        return READ.contains(request.getMethod());
    }
}
