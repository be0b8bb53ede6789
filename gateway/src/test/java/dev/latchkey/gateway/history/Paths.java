package dev.latchkey.gateway.history;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** What is asked for, the same for each kind of client. */
final class Paths {

    /** Far beyond every time limit of a gateway: reaching it is a failure of the test. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private Paths() {}

    static HttpRequest.Builder request(String base, Operation operation, String argument) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path(operation, argument)))
                .timeout(LIMIT);
        return switch (operation) {
            case GET, SLOW_GET, SESSION -> request.GET();
            case END_OTHER -> request.DELETE();
            default -> request.POST(BodyPublishers.noBody());
        };
    }

    static HttpRequest.Builder json(String base, String path, String body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    /** The password is the name. */
    static String credentials(String user) {
        return "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(user, user);
    }

    private static String path(Operation operation, String argument) {
        return switch (operation) {
            case GET -> "/api/" + argument;
            case SLOW_GET -> "/api/hold/" + argument;
            case SESSION -> "/auth/session";
            case REFRESH -> "/auth/refresh";
            case SIGN_IN -> throw new IllegalArgumentException("differs by the kind of client");
            case SIGN_OUT -> "/auth/sign-out";
            case SIGN_OUT_EVERYWHERE -> "/auth/sign-out?everywhere=true";
            case END_OTHER -> "/auth/sessions/" + argument;
        };
    }
}
