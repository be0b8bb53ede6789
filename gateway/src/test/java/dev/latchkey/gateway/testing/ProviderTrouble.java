package dev.latchkey.gateway.testing;

import java.time.Duration;
import java.util.Map;

/**
 * What goes wrong at an endpoint of {@link StrictProvider}.
 *
 * @param before how long the endpoint waits before it works on the request
 * @param after how long it waits before it answers
 * @param works whether it works on the request at all
 * @param answer what is sent: what came of the work, something else, nothing, or bytes without end
 * @param status of another answer
 */
public record ProviderTrouble(
        Duration before,
        Duration after,
        boolean works,
        Answer answer,
        int status,
        Map<String, String> headers,
        String body) {

    /** What a client gets. */
    public enum Answer {
        AS_USUAL,
        OTHER,
        CLOSED,
        ENDLESS
    }

    /** Works on the request after a while. */
    public static ProviderTrouble delayed(Duration time) {
        return new ProviderTrouble(time, Duration.ZERO, true, Answer.AS_USUAL, 0, Map.of(), "");
    }

    /** Works on the request at once, and answers after a while. */
    public static ProviderTrouble answersAfter(Duration time) {
        return new ProviderTrouble(Duration.ZERO, time, true, Answer.AS_USUAL, 0, Map.of(), "");
    }

    /** Works on the request, rotates, and closes the connection without an answer. */
    public static ProviderTrouble loses() {
        return new ProviderTrouble(Duration.ZERO, Duration.ZERO, true, Answer.CLOSED, 0, Map.of(), "");
    }

    /** Reads the request and closes the connection, as a server does whose connection was idle for too long. */
    public static ProviderTrouble closes() {
        return new ProviderTrouble(Duration.ZERO, Duration.ZERO, false, Answer.CLOSED, 0, Map.of(), "");
    }

    /** Answers something else. */
    public static ProviderTrouble answers(int status, Map<String, String> headers, String body) {
        return new ProviderTrouble(Duration.ZERO, Duration.ZERO, false, Answer.OTHER, status, headers, body);
    }

    /** Answers an error of OAuth (RFC 6749 section 5.2). */
    public static ProviderTrouble error(int status, String code) {
        return answers(status, Map.of("Content-Type", "application/json"), "{\"error\":\"" + code + "\"}");
    }

    /** Answers a body without an end, as fast as it is read. */
    public static ProviderTrouble endless() {
        return new ProviderTrouble(
                Duration.ZERO,
                Duration.ZERO,
                false,
                Answer.ENDLESS,
                200,
                Map.of("Content-Type", "application/json"),
                " ".repeat(1024));
    }
}
