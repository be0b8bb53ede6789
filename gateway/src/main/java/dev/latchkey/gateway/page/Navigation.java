package dev.latchkey.gateway.page;

import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Tells a person who follows a link or sends a form from a program. */
public final class Navigation {

    private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private Navigation() {}

    /** Fetch metadata say it; browsers without them are known by what they accept. */
    public static boolean is(ServerHttpRequest request) {
        String mode = request.getHeaders().getFirst("Sec-Fetch-Mode");
        String accept = request.getHeaders().getFirst(HttpHeaders.ACCEPT);
        return mode != null ? mode.equals("navigate") : accept != null && accept.contains("text/html");
    }

    /** Whether it only reads, so that it may be repeated, and nothing of it is lost. */
    public static boolean onlyReads(ServerHttpRequest request) {
        return READ.contains(request.getMethod());
    }
}
