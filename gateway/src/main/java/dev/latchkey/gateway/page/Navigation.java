package dev.latchkey.gateway.page;

import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Distinguishes a person who follows a link or sends a form from a program. */
public final class Navigation {

    private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final Set<String> ELSEWHERE = Set.of("cross-site", "same-site");

    private Navigation() {}

    /** By fetch metadata; browsers without them are recognized by what they accept. */
    public static boolean is(ServerHttpRequest request) {
        String mode = request.getHeaders().getFirst("Sec-Fetch-Mode");
        String accept = request.getHeaders().getFirst(HttpHeaders.ACCEPT);
        return mode != null ? mode.equals("navigate") : accept != null && accept.contains("text/html");
    }

    /**
     * Whether another site led here, as with a link. A browser that renews its session on the way holds its cookies
     * back from that ({@code SameSite=Lax}).
     */
    public static boolean isFromElsewhere(ServerHttpRequest request) {
        String site = request.getHeaders().getFirst("Sec-Fetch-Site");
        return site != null && ELSEWHERE.contains(site);
    }

    /** Whether it only reads, so that it may be repeated without loss. */
    public static boolean onlyReads(ServerHttpRequest request) {
        return READ.contains(request.getMethod());
    }
}
