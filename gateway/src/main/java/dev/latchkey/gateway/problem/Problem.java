package dev.latchkey.gateway.problem;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An error response by RFC 9457. The {@code type} is stable: clients may switch on it.
 *
 * @param name the last part of {@code type}, {@code urn:latchkey:problem:<name>}
 * @param status the HTTP status
 * @param title one short sentence, the same for every occurrence
 * @param retryAfter for 429 and 503
 * @param reason a stable word that says why, if the client may know
 */
public record Problem(String name, int status, String title, Optional<Duration> retryAfter, Optional<String> reason) {

    /** 400: there are two cookies of one name, and it is unknown which counts. */
    public static final Problem REPEATED_COOKIE =
            new Problem("repeated-cookie", 400, "A cookie of this site came twice");

    public static final Problem UNAUTHENTICATED = new Problem("unauthenticated", 401, "Sign in to continue");
    public static final Problem INVALID_TOKEN =
            new Problem("invalid-token", 401, "The presented token is not accepted");

    /** 401: the session is bound to a device, whose key has signed nothing for this. */
    public static final Problem PROOF_MISSING =
            new Problem("proof-missing", 401, "This session goes on with its device only");

    /** 403: what was sent as a proof of a device is none, or by an old challenge. */
    public static final Problem PROOF_REFUSED =
            new Problem("proof-refused", 403, "The proof of this device is not accepted");

    /** 403: a page that shows itself anew, so that its browser renews the session by a request of this site. */
    public static final Problem PROOF_AWAITED =
            new Problem("proof-awaited", 403, "This browser is asked to prove its key");

    /** 403: this takes a session that is bound to a device, which not every browser can have, and no program. */
    public static final Problem DEVICE_REQUIRED =
            new Problem("device-required", 403, "This needs a session that is bound to its device");

    /** 403, as {@link #DEVICE_REQUIRED}, while the session is so young that its browser may be about to bind it. */
    public static final Problem DEVICE_AWAITED = new Problem(
            DEVICE_REQUIRED.name(),
            DEVICE_REQUIRED.status(),
            DEVICE_REQUIRED.title(),
            Optional.of(Duration.ofSeconds(1)));

    /** 401: the proof of a DPoP request is not what it should be (RFC 9449 section 4.3). */
    public static final Problem INVALID_DPOP_PROOF =
            new Problem("invalid-dpop-proof", 401, "The DPoP proof is not accepted");

    /** 401: the proof must have the nonce that comes with this answer (RFC 9449 section 9). */
    public static final Problem USE_DPOP_NONCE =
            new Problem("use-dpop-nonce", 401, "Send a DPoP proof with the nonce of this answer");

    /** 401: this takes an access token that is bound to its client's key, with a proof (RFC 9449 section 7.1). */
    public static final Problem DPOP_REQUIRED =
            new Problem("dpop-required", 401, "This needs a token that is bound to its client's key, and a DPoP proof");

    /** 403: the same of a session in cookies, which no other sign-in would bind to a client's key. */
    public static final Problem DPOP_REQUIRED_OF_BROWSER =
            new Problem(DPOP_REQUIRED.name(), 403, DPOP_REQUIRED.title());

    /** 401: the session's OpenID Provider has lost it, and may sign its user in again without asking. */
    public static final Problem SESSION_LAPSED = new Problem("session-lapsed", 401, "Sign in again to continue");

    /** 401: the user is signed in, but too long ago, or not as the route requires (RFC 9470). */
    public static final Problem STEP_UP =
            new Problem("insufficient-user-authentication", 401, "Sign in once more to continue");

    /** 401: an endpoint for operators, and nothing that says who asks. */
    public static final Problem OPERATOR_UNKNOWN =
            new Problem("operator-unknown", 401, "Send the token of an operator as Authorization: Bearer");

    /** 403: the same where operators have certificates and no tokens. */
    public static final Problem CERTIFICATE_REQUIRED =
            new Problem("certificate-required", 403, "This needs the client certificate of an operator");

    /** 401: the answer to a wrong password and an unknown user alike. */
    public static final Problem BAD_CREDENTIALS =
            new Problem("bad-credentials", 401, "The user name or the password is wrong");

    /** 403: a password is to be changed, and the old one was not given. */
    public static final Problem WRONG_PASSWORD = new Problem("wrong-password", 403, "The current password is wrong");

    /** 409: the user's password is kept by a provider, or where the gateway cannot write. */
    public static final Problem PASSWORD_ELSEWHERE =
            new Problem("password-elsewhere", 409, "This password is not kept here and cannot be changed here");

    /** 409: the password was changed after the request came, and not by it. */
    public static final Problem PASSWORD_OUTDATED =
            new Problem("password-outdated", 409, "The password was changed elsewhere at the same time");

    /** 503: the password is changed, and no session could begin with it. */
    public static final Problem PASSWORD_STORED = new Problem(
            "password-stored",
            503,
            "The password was changed, sign in with the new one",
            Optional.of(Duration.ofSeconds(1)));

    /** 400: a provider's answer to an attempt to sign in that this browser did not begin, or that has ended. */
    public static final Problem SIGN_IN_UNKNOWN =
            new Problem("sign-in-unknown", 400, "This sign-in was not begun in this browser, or has ended");

    /** 400: a provider's answer that is not what it should be, so that somebody else may have made it. */
    public static final Problem SIGN_IN_REJECTED =
            new Problem("sign-in-rejected", 400, "The answer of the sign-in provider cannot be accepted");

    /** 403: the provider did not sign the user in, or the user did not want it to. */
    public static final Problem SIGN_IN_DENIED =
            new Problem("sign-in-denied", 403, "The sign-in provider did not sign you in");

    /** 403: the provider signed the user in, but too long ago, or in another way than the route requires. */
    public static final Problem SIGN_IN_INSUFFICIENT =
            new Problem("sign-in-insufficient", 403, "The sign-in does not suffice for this");

    /** 403: the provider knows the user, and they may not enter here. */
    public static final Problem ACCOUNT_NOT_ACCEPTED =
            new Problem("account-not-accepted", 403, "This account cannot sign in here");

    public static final Problem FORBIDDEN = new Problem("forbidden", 403, "Your roles do not allow this");

    /**
     * 403: the backend needs the access token of an OpenID Connect provider, and this session has none that it could
     * use; to send other credentials does not help, to begin another session may.
     */
    public static final Problem NO_ACCESS_TOKEN =
            new Problem("no-access-token", 403, "This needs a sign-in with an OpenID Connect provider");

    public static final Problem CROSS_SITE = new Problem("cross-site", 403, "This request was sent from another site");
    public static final Problem NOT_FOUND = new Problem("not-found", 404, "There is nothing here");
    public static final Problem METHOD_NOT_ALLOWED =
            new Problem("method-not-allowed", 405, "This method is not allowed here");

    /** 409: operators ask for audit events, and the gateway was not told to keep any. */
    public static final Problem EVENTS_NOT_KEPT = new Problem(
            "events-not-kept", 409, "This gateway keeps no events to read: latchkey.audit.stream.enabled is not set");

    public static final Problem REQUEST_TIMEOUT =
            new Problem("request-timeout", 408, "The request did not arrive in time");
    public static final Problem CONTENT_TOO_LARGE = new Problem("content-too-large", 413, "The body is too large");
    public static final Problem URI_TOO_LONG = new Problem("uri-too-long", 414, "The request line is too long");

    /** 415: the gateway's own endpoints read forms and JSON. */
    public static final Problem UNSUPPORTED_MEDIA_TYPE =
            new Problem("unsupported-media-type", 415, "Send application/json or a form");

    /** 421: the management port does not go by this name (RFC 9110 section 15.5.20). */
    public static final Problem MISDIRECTED = new Problem(
            "misdirected-request",
            421,
            "The management port answers to addresses, localhost and latchkey.management.hosts");

    /** 426: a WebSocket of another version than that of RFC 6455. */
    public static final Problem WEB_SOCKET_VERSION =
            new Problem("websocket-version", 426, "Use version 13 of WebSocket");

    public static final Problem HEAD_TOO_LARGE =
            new Problem("header-fields-too-large", 431, "The request header is too large");

    /** 501: a body in a coding that would have to be undone here (RFC 9112 section 6.1). */
    public static final Problem TRANSFER_CODING =
            new Problem("transfer-coding-not-implemented", 501, "Send the body in chunks or with a length only");

    /** 503: it could not be checked; the client's tokens stay valid. */
    public static final Problem UNAVAILABLE = new Problem(
            "unavailable", 503, "This cannot be checked right now, try again", Optional.of(Duration.ofSeconds(1)));

    /** 503, as {@link #UNAVAILABLE}: the session lives, and its browser cannot prove its key for a while. */
    public static final Problem NOT_RENEWED = new Problem(
            UNAVAILABLE.name(), UNAVAILABLE.status(), UNAVAILABLE.title(), Optional.of(Duration.ofSeconds(10)));

    /** 502: the provider and this gateway do not understand each other, which only their operators can change. */
    public static final Problem PROVIDER_ERROR =
            new Problem("provider-error", 502, "The sign-in provider cannot be used");

    /** 503: the provider does not answer, or has not answered yet since the start. */
    public static final Problem PROVIDER_UNAVAILABLE = new Problem(
            "provider-unavailable",
            503,
            "The sign-in provider cannot be reached right now",
            Optional.of(Duration.ofSeconds(5)));

    /** 503: no name server has said yet where the backend is, or all say that it is nowhere. */
    public static final Problem BACKEND_UNKNOWN = new Problem(
            "backend-unknown", 503, "The backend has no address right now", Optional.of(Duration.ofSeconds(1)));

    public static final Problem VERSION_NOT_SUPPORTED = new Problem("http-version-not-supported", 505, "Use HTTP/1.1");

    Problem(String name, int status, String title) {
        this(name, status, title, Optional.empty());
    }

    private Problem(String name, int status, String title, Optional<Duration> retryAfter) {
        this(name, status, title, retryAfter, Optional.empty());
    }

    /** This problem, with the reason of this occurrence. */
    public Problem withReason(String word) {
        return new Problem(name, status, title, retryAfter, Optional.of(word));
    }

    String type() {
        return "urn:latchkey:problem:" + name;
    }

    /** 400: the request cannot be read in one way only. */
    public static Problem malformed(String title) {
        return new Problem("malformed-request", 400, title);
    }

    /** 422: a new password that does not fulfil the rules. */
    public static Problem passwordRefused(String title) {
        return new Problem("password-refused", 422, title);
    }

    public static Problem tooManyAttempts(Duration retryAfter) {
        return new Problem("too-many-attempts", 429, "Too many attempts", Optional.of(retryAfter));
    }

    /** 429: more requests than the route takes. */
    public static Problem tooManyRequests(Duration retryAfter) {
        return new Problem("too-many-requests", 429, "Too many requests", Optional.of(retryAfter));
    }

    /** 503: the provider's access token has ended, and the next is not there yet. */
    public static Problem accessTokenUnavailable(Duration retryAfter) {
        return new Problem(
                "access-token-unavailable",
                503,
                "The sign-in provider gives no new access token right now",
                Optional.of(retryAfter));
    }

    /** 503: the backend failed so often that it is left alone for a while. */
    public static Problem circuitOpen(Duration retryAfter) {
        return new Problem("circuit-open", 503, "The backend is failing, try again later", Optional.of(retryAfter));
    }

    /** The title for a person, and how long to wait if that helps. */
    public String inWords() {
        return waitInWords().map(wait -> title + ". " + wait).orElse(title);
    }

    /** One sentence for a person who may try again, rounded up; empty if waiting does not help. */
    public Optional<String> waitInWords() {
        return retryAfter.map(wait -> "Wait " + words(wholeSeconds(wait)) + " before you try again.");
    }

    /** Rounded up, and at least one, as {@code Retry-After} has them (RFC 9110 section 10.2.3). */
    static long wholeSeconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }

    private static String words(long seconds) {
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

    /**
     * The document as JSON; titles and reasons are our own constants, so nothing in them needs escaping.
     *
     * @param requestId needs no escaping, either; null if the request has none
     */
    public String json(@Nullable String requestId) {
        String id = requestId == null ? "" : ",\"requestId\":\"" + requestId + "\"";
        String why = reason.map(word -> ",\"reason\":\"" + word + "\"").orElse("");
        return "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d%s%s}".formatted(type(), title, status, why, id);
    }

    /** The same with the address at which a person can sign in, in which nothing needs escaping. */
    String json(@Nullable String requestId, String signIn) {
        String alone = json(requestId);
        return alone.substring(0, alone.length() - 1) + ",\"signIn\":\"" + signIn + "\"}";
    }
}
