package dev.latchkey.gateway.differential;

import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** One request as it reached a backend; guarded by the {@link Moments} of its side. */
final class Arrival {

    private final List<String> lines;
    private final String address;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String trailers = "";
    private boolean isWhole;
    private boolean isBroken;
    private boolean isOver;

    /** @param address at which it arrived */
    Arrival(String head, String address) {
        this.address = address;
        this.lines = List.of(head.substring(0, head.length() - 4).split("\r\n", -1));
    }

    String address() {
        return address;
    }

    String requestLine() {
        return lines.get(0);
    }

    List<String> fields() {
        return lines.subList(1, lines.size());
    }

    /** The first value of a field; empty where there is none. */
    String field(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return fields().stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).trim())
                .findFirst()
                .orElse("");
    }

    String id() {
        return field("X-Case");
    }

    /**
     * The public id of the caller's session, as the identity token has it; empty where the backend was told of none.
     */
    String session() {
        return identity("sid");
    }

    /** Whether the backend was told of a key that the caller holds. */
    boolean isOfHolder() {
        return !identity("dpop_jkt").isEmpty();
    }

    /** Whether the backend got a token of a provider. */
    boolean hasTokenOfProvider() {
        return identity("iss").startsWith("http:");
    }

    /** A claim of the token that came with it; empty where there is none, as where the library throws at its header. */
    private String identity(String claim) {
        try {
            JWT identity = JWTParser.parse(field("Authorization").replaceFirst("^Bearer ", ""));
            return Objects.toString(identity.getJWTClaimsSet().getClaim(claim), "");
        } catch (ParseException | RuntimeException none) {
            return "";
        }
    }

    boolean isChunked() {
        return field("Transfer-Encoding").toLowerCase(Locale.ROOT).endsWith("chunked");
    }

    long length() {
        String length = field("Content-Length");
        return length.isEmpty() ? 0 : Long.parseLong(length);
    }

    void append(byte[] part, int length) {
        body.write(part, 0, length);
    }

    int received() {
        return body.size();
    }

    String body() {
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    void end(String lastTrailers) {
        trailers = lastTrailers;
        isWhole = true;
    }

    String trailers() {
        return trailers;
    }

    boolean isWhole() {
        return isWhole;
    }

    void broken() {
        isBroken = true;
    }

    /** Whether the connection ended before the answer was given. */
    boolean isBroken() {
        return isBroken;
    }

    void over() {
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }
}
