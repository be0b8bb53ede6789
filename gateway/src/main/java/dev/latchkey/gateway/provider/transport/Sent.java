package dev.latchkey.gateway.provider.transport;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What became of one request. */
public sealed interface Sent {

    default <R> R fold(Function<Answered, R> answered, Function<Lost, R> lost, Function<Unsent, R> unsent) {
        if (this instanceof Answered answer) {
            return answered.apply(answer);
        }
        return this instanceof Lost none ? lost.apply(none) : unsent.apply((Unsent) this);
    }

    /** The whole answer came. */
    record Answered(int status, HttpHeaders headers, String body) implements Sent {

        private static final int LONGEST_NONCE = 256;

        /** Whether it says that its body is JSON (RFC 8259), also by a suffix (RFC 6839 section 3.1). */
        public boolean isJson() {
            String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
            int end = type.indexOf(';');
            String bare = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
            return bare.equals("application/json") || (bare.startsWith("application/") && bare.endsWith("+json"));
        }

        /** The seconds of {@code Retry-After} (RFC 9110 section 10.2.3); a date is read as absent. */
        public Optional<Duration> retryAfter() {
            String text = headers.get(HttpHeaderNames.RETRY_AFTER, "").strip();
            boolean isNumber =
                    !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(Character::isDigit);
            return isNumber ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
        }

        /**
         * What the server wants to find in the next proof (RFC 9449 sections 8 and 9); one that is too long is none.
         */
        public Optional<String> dpopNonce() {
            return header("DPoP-Nonce").filter(nonce -> nonce.length() <= LONGEST_NONCE);
        }

        /** A field's value. */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        /** Hides fields and body, which may hold tokens. */
        @Override
        public String toString() {
            return "Answered[status=" + status + "]";
        }
    }

    /**
     * It was sent, or part of it, and no whole answer came: the server may have worked on it or not.
     *
     * @param how a word for logs
     */
    record Lost(String how) implements Sent {}

    /**
     * Not a byte of it was sent.
     *
     * @param why a word for logs
     */
    record Unsent(String why) implements Sent {}
}
