package dev.latchkey.sample.thief;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * Copies cookie jars and uses them. Browsers send the gateway's cookies to this port, too, if it is asked directly:
 * cookies know hosts but no ports (RFC 6265 section 8.5). No route of the gateway leads to {@code /thief}.
 */
@RestController
@Profile("thief")
final class ThiefEndpoint {

    private static final int MOST = 16;
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final String TARGET = "/api/orders/whoami";
    private static final String SESSION = "/auth/session?touch=false";
    private static final String THIEF = "Thief/1.0";
    private static final String OWNER = "Demo/1.0 (a browser with a key)";

    private final String gateway;
    private final Clock clock;

    private final Map<String, Theft> thefts = new LinkedHashMap<>();

    ThiefEndpoint(@Value("${sample.gateway}") String gateway, Clock clock) {
        this.gateway = gateway;
        this.clock = clock;
    }

    /** Through the gateway: where the page finds the thief. */
    @GetMapping("/demo/thief")
    Found find(@Value("${server.port}") int port) {
        return new Found(port);
    }

    /** Takes the cookies that came with the request. */
    @PostMapping("/thief/copies")
    Copied copy(ServerHttpRequest request) {
        CookieClient copy = new CookieClient(gateway, THIEF, clock);
        request.getCookies()
                .values()
                .forEach(same -> copy.put(same.get(0).getName(), same.get(0).getValue()));
        if (copy.names().isEmpty()) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The browser sent no cookies");
        }
        return keep(copy, Optional.empty());
    }

    /** Takes those of a browser with a key, which signs in for it. */
    @PostMapping("/thief/bound-copies")
    Mono<Copied> copyBound() {
        return KeyedBrowser.signedIn(new CookieClient(gateway, OWNER, clock), "demo", "demo")
                .map(owner -> keep(owner.copiedBy(THIEF), Optional.of(owner)));
    }

    @PostMapping("/thief/copies/{id}/uses")
    Mono<Use> use(@PathVariable String id) {
        CookieClient copy = theft(id).copy();
        return copy.get(TARGET)
                .map(Use::of)
                .flatMap(use ->
                        use.status() == 200 ? copy.get(SESSION).map(Use::of).map(use::until) : Mono.just(use));
    }

    /** The browser with a key goes on. */
    @PostMapping("/thief/copies/{id}/owner-uses")
    Mono<Use> useByOwner(@PathVariable String id) {
        return theft(id).owner().map(owner -> owner.get(TARGET).map(Use::of)).orElseThrow(ThiefEndpoint::unknown);
    }

    private synchronized Copied keep(CookieClient copy, Optional<KeyedBrowser> owner) {
        String id = UUID.randomUUID().toString();
        forgetOld();
        if (thefts.size() == MOST) {
            thefts.remove(thefts.keySet().iterator().next());
        }
        thefts.put(id, new Theft(copy, owner, clock.instant().plus(LIFE)));
        return new Copied(id, copy.names());
    }

    private synchronized Theft theft(String id) {
        forgetOld();
        return Optional.ofNullable(thefts.get(id)).orElseThrow(ThiefEndpoint::unknown);
    }

    private void forgetOld() {
        Instant now = clock.instant();
        thefts.values().removeIf(theft -> theft.end().isBefore(now));
    }

    private static ResponseStatusException unknown() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "No such copy, or not any more");
    }

    private record Theft(CookieClient copy, Optional<KeyedBrowser> owner, Instant end) {}

    /** At which port of this machine. */
    record Found(int port) {}

    /** What was taken: the names of the cookies, no values. */
    record Copied(String id, Set<String> cookies) {}
}
