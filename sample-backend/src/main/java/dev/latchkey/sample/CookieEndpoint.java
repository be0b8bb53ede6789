package dev.latchkey.sample;

import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sets a cookie of the backend's own, which must pass the gateway untouched. */
@RestController
final class CookieEndpoint {

    @GetMapping("/{area}/visits")
    Visits visits(@CookieValue(name = "sample-visits", defaultValue = "0") int seen, ServerHttpResponse response) {
        int visits = Math.floorMod(seen, Integer.MAX_VALUE) + 1;
        response.addCookie(ResponseCookie.from("sample-visits", Integer.toString(visits))
                .path("/")
                .httpOnly(true)
                .sameSite("Lax")
                .build());
        return new Visits(visits);
    }

    /** How often this browser came by. */
    record Visits(int visits) {}
}
