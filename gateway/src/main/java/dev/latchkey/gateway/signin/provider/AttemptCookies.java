package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.keys.SealingKeys;
import dev.latchkey.gateway.pipeline.cookies.SetCookie;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * Binds attempts to the browser that began them: without this, someone could have others sign in as themselves (RFC
 * 6749 section 10.12). Each attempt has a cookie of its own, so that several tabs do not get in each other's way, and
 * there are few, so that they never fill the header of a request.
 */
@Component
final class AttemptCookies {

    /** Beyond the life of an attempt, so that one that took too long can begin anew and still lead back. */
    static final Duration LIFE = Duration.ofHours(1);

    static final int MOST = 5;

    /** How many characters of the state are in a name; enough to tell a browser's attempts apart. */
    private static final int ID = 8;

    /** No session has such an id. */
    private static final String PURPOSE = "sign-in attempt ";

    private static final byte[] NO_PLACE = {};

    private final TokenCookies cookies;
    private final SealingKeys keys;

    AttemptCookies(TokenCookies cookies, SealingKeys keys) {
        this.cookies = cookies;
        this.keys = keys;
    }

    /** The cookie of a new attempt; the oldest of too many are cleared. */
    List<SetCookie> begin(ServerHttpRequest request, Attempt attempt) {
        List<Held> held = held(request);
        List<SetCookie> changes = new ArrayList<>();
        held.stream()
                .sorted(Comparator.comparing(Held::begun))
                .limit(Math.max(0, held.size() + 1 - MOST))
                .forEach(old -> changes.add(cookies.attempt(old.id(), "", Duration.ZERO)));
        String id = idOf(attempt.state());
        changes.add(cookies.attempt(id, sealed(id, attempt), LIFE));
        return List.copyOf(changes);
    }

    /** The attempt of this state that this browser began; empty if there is not exactly one such cookie. */
    Optional<Attempt> find(ServerHttpRequest request, String state) {
        return values(request, state).size() == 1
                ? open(idOf(state), values(request, state).get(0).getValue())
                : Optional.empty();
    }

    /** Clears the cookie of a state, if the browser has it. */
    List<SetCookie> clear(ServerHttpRequest request, String state) {
        return values(request, state).isEmpty() ? List.of() : List.of(cookies.attempt(idOf(state), "", Duration.ZERO));
    }

    private List<HttpCookie> values(ServerHttpRequest request, String state) {
        return request.getCookies().getOrDefault(cookies.attempts() + idOf(state), List.of());
    }

    private List<Held> held(ServerHttpRequest request) {
        String prefix = cookies.attempts();
        return request.getCookies().values().stream()
                .flatMap(List::stream)
                .filter(cookie -> cookie.getName().startsWith(prefix))
                .map(cookie -> {
                    String id = cookie.getName().substring(prefix.length());
                    return new Held(
                            id, open(id, cookie.getValue()).map(Attempt::begun).orElse(Instant.MIN));
                })
                .toList();
    }

    private Optional<Attempt> open(String id, String value) {
        return keys.open(PURPOSE + id, NO_PLACE, value)
                .map(text -> new String(text, StandardCharsets.UTF_8))
                .flatMap(Attempt::parse);
    }

    /**
     * So that neither a browser nor someone who reads its cookies in a log learns the code verifier, or changes any.
     */
    private String sealed(String id, Attempt attempt) {
        return keys.seal(PURPOSE + id, NO_PLACE, attempt.text().getBytes(StandardCharsets.UTF_8));
    }

    private static String idOf(String state) {
        return state.substring(0, Math.min(ID, state.length()));
    }

    /** One that the browser holds; one that cannot be read is the oldest. */
    private record Held(String id, Instant begun) {}
}
