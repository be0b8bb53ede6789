package dev.latchkey.gateway.problem;

import java.time.Duration;
import java.util.Optional;

/**
 * A refusal as RFC 9457 puts it. The {@code type} is stable: clients may switch on it.
 *
 * @param name the last part of {@code type}, {@code urn:latchkey:problem:<name>}
 * @param status the HTTP status
 * @param title one short sentence, the same for every occurrence
 * @param retryAfter for 429 and 503
 */
public record Problem(String name, int status, String title, Optional<Duration> retryAfter) {

    private static final Duration SOON = Duration.ofSeconds(1);

    /** The whole type. */
    String type() {
        return "urn:latchkey:problem:" + name;
    }

    /** 400: the request cannot be read in one way only. */
    public static Problem malformed(String title) {
        return new Problem("malformed-request", 400, title, Optional.empty());
    }

    /** 400: which of two cookies of one name counts is anybody's guess. */
    public static Problem repeatedCookie() {
        return new Problem("repeated-cookie", 400, "A cookie of this site came twice", Optional.empty());
    }

    /** 401: sign in. */
    public static Problem unauthenticated() {
        return new Problem("unauthenticated", 401, "Sign in to continue", Optional.empty());
    }

    /** 401: a token was presented and is not accepted. */
    public static Problem invalidToken() {
        return new Problem("invalid-token", 401, "The presented token is not accepted", Optional.empty());
    }

    /** 401: the answer to a wrong password and an unknown user alike. */
    public static Problem badCredentials() {
        return new Problem("bad-credentials", 401, "The user name or the password is wrong", Optional.empty());
    }

    /** 403: the caller is known and may not. */
    public static Problem forbidden() {
        return new Problem("forbidden", 403, "Your roles do not allow this", Optional.empty());
    }

    /** 403: a foreign site sent this. */
    public static Problem crossSite() {
        return new Problem("cross-site", 403, "This request was sent from another site", Optional.empty());
    }

    /** 404: nothing here. */
    public static Problem notFound() {
        return new Problem("not-found", 404, "There is nothing here", Optional.empty());
    }

    /** 405: something is here, but not by this method. */
    public static Problem methodNotAllowed() {
        return new Problem("method-not-allowed", 405, "This method is not allowed here", Optional.empty());
    }

    /** 408: the client did not send its request in time. */
    public static Problem requestTimeout() {
        return new Problem("request-timeout", 408, "The request did not arrive in time", Optional.empty());
    }

    /** 414: the request line is longer than the gateway takes. */
    public static Problem uriTooLong() {
        return new Problem("uri-too-long", 414, "The request line is too long", Optional.empty());
    }

    /** 431: the head is larger than the gateway takes. */
    public static Problem headTooLarge() {
        return new Problem("header-fields-too-large", 431, "The request header is too large", Optional.empty());
    }

    /** 505: neither HTTP/1.1 nor HTTP/1.0. */
    public static Problem versionNotSupported() {
        return new Problem("http-version-not-supported", 505, "Use HTTP/1.1", Optional.empty());
    }

    /** 413: the body is larger than the route takes. */
    public static Problem contentTooLarge() {
        return new Problem("content-too-large", 413, "The body is too large", Optional.empty());
    }

    /** 415: {@code /auth} reads forms and JSON. */
    public static Problem unsupportedMediaType() {
        return new Problem("unsupported-media-type", 415, "Send application/json or a form", Optional.empty());
    }

    /** 421: the management port does not go by this name (RFC 9110 section 15.5.20). */
    public static Problem misdirected() {
        return new Problem(
                "misdirected-request",
                421,
                "The management port answers to addresses, localhost and latchkey.management.hosts",
                Optional.empty());
    }

    /** 426: a WebSocket of another version than that of RFC 6455. */
    public static Problem webSocketVersion() {
        return new Problem("websocket-version", 426, "Use version 13 of WebSocket", Optional.empty());
    }

    /** 429: too many sign-in attempts. */
    public static Problem tooManyAttempts(Duration retryAfter) {
        return new Problem("too-many-attempts", 429, "Too many attempts", Optional.of(retryAfter));
    }

    /** 429: more requests than the route takes. */
    public static Problem tooManyRequests(Duration retryAfter) {
        return new Problem("too-many-requests", 429, "Too many requests", Optional.of(retryAfter));
    }

    /** 503: the backend failed so often that it is left alone for a while. */
    public static Problem circuitOpen(Duration retryAfter) {
        return new Problem("circuit-open", 503, "The backend is failing, try again later", Optional.of(retryAfter));
    }

    /** 503: it could not be checked; the client's tokens stay good. */
    public static Problem unavailable() {
        return new Problem("unavailable", 503, "This cannot be checked right now, try again", Optional.of(SOON));
    }

    /** One sentence for a person who may try again, rounded up; empty where waiting does not help. */
    public Optional<String> waitInWords() {
        return retryAfter.map(
                wait -> "Wait " + inWords(Math.max(1, wait.plusMillis(999).toSeconds())) + " before you try again.");
    }

    private static String inWords(long seconds) {
        if (seconds <= 90) {
            return seconds == 1 ? "a second" : seconds + " seconds";
        }
        long minutes = (seconds + 59) / 60;
        if (minutes < 60) {
            return minutes + " minutes";
        }
        long hours = (minutes + 59) / 60;
        return hours == 1 ? "an hour" : hours + " hours";
    }

    /** The document as JSON; titles are our own constants, so nothing in them needs escaping. */
    public String json() {
        return "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d}".formatted(type(), title, status);
    }
}
