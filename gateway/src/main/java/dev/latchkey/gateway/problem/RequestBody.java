package dev.latchkey.gateway.problem;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text fields of a small body, from a form or a JSON object. What cannot be read fails with a
 * {@link ProblemException}: 413 over 8 kB of JSON or 32 kB of a form, which holds a return path with every character
 * encoded; 415 for another or a malformed type, 408 for a body that is not there within a minute, 400 if it is not an
 * object or a form, or has a name twice.
 *
 * @param isForm whether a browser's form sent it
 * @param isWhole whether all that was sent are texts; of a JSON object, other members are left out
 */
public record RequestBody(Map<String, String> fields, boolean isForm, boolean isWhole) {

    static final Duration TIMEOUT = Duration.ofMinutes(1);

    private static final int MAX_JSON = 8 * 1024;
    private static final int MAX_FORM = 32 * 1024;

    private static final String NO_OBJECT = "The body is not a JSON object, or has a member twice";
    private static final String NO_FORM = "The body is not a form, or has a field twice";

    /** Made ready here: the mapper would look for what it needs at its first call, under a lock. */
    private static final ObjectReader TREES = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerFor(JsonNode.class);

    /** A form or a JSON object. */
    public static Mono<RequestBody> formOrJson(ServerHttpRequest request) {
        return isForm(request) ? form(request) : json(request);
    }

    /** A form of a page, of this site or another. */
    public static Mono<RequestBody> form(ServerHttpRequest request) {
        return isForm(request) ? text(request, MAX_FORM).map(RequestBody::form) : otherType();
    }

    /** A JSON object. */
    public static Mono<RequestBody> json(ServerHttpRequest request) {
        return has(request, MediaType.APPLICATION_JSON)
                ? text(request, MAX_JSON).map(RequestBody::object)
                : otherType();
    }

    /** Fails with 415 where it came as a form. */
    public static Mono<RequestBody> onlyJson(RequestBody body) {
        return body.isForm ? otherType() : Mono.just(body);
    }

    /** JSON, or nothing; a form is not read. */
    public static Mono<RequestBody> jsonOrEmpty(ServerHttpRequest request) {
        boolean isForm = isForm(request);
        return isForm || !request.getHeaders().containsHeader(HttpHeaders.CONTENT_TYPE)
                ? Mono.just(new RequestBody(Map.of(), isForm, true))
                : json(request);
    }

    public static boolean isForm(ServerHttpRequest request) {
        return has(request, MediaType.APPLICATION_FORM_URLENCODED);
    }

    /** Whatever its parameters; false, too, if the header is malformed. */
    private static boolean has(ServerHttpRequest request, MediaType type) {
        try {
            return type.equalsTypeAndSubtype(request.getHeaders().getContentType());
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }

    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** The traffic port gives up sooner, and says so itself. */
    private static Mono<String> text(ServerHttpRequest request, int largest) {
        return DataBufferUtils.join(request.getBody(), largest)
                .map(RequestBody::drained)
                .defaultIfEmpty("")
                .timeout(TIMEOUT)
                .onErrorMap(DataBufferLimitException.class, large -> new ProblemException(Problem.CONTENT_TOO_LARGE))
                .onErrorMap(TimeoutException.class, late -> new ProblemException(Problem.REQUEST_TIMEOUT));
    }

    private static String drained(DataBuffer buffer) {
        String text = buffer.toString(StandardCharsets.UTF_8);
        DataBufferUtils.release(buffer);
        return text;
    }

    private static RequestBody form(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0
                    && fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))) != null) {
                throw malformed(NO_FORM);
            }
        }
        return new RequestBody(Map.copyOf(fields), true, true);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            throw malformed(NO_FORM);
        }
    }

    private static RequestBody object(String text) {
        Map<String, String> fields = new HashMap<>();
        JsonNode object = parsed(text);
        object.properties().stream()
                .filter(field -> field.getValue().isString())
                .forEach(field -> fields.put(field.getKey(), field.getValue().stringValue()));
        return new RequestBody(Map.copyOf(fields), false, fields.size() == object.size());
    }

    /** No body at all is an object without members. */
    private static JsonNode parsed(String text) {
        try {
            JsonNode node = TREES.readTree(text.isBlank() ? "{}" : text);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException wrong) {
            throw malformed(NO_OBJECT);
        }
        throw malformed(NO_OBJECT);
    }

    /** Hides the values: they are passwords and refresh tokens. */
    @Override
    public String toString() {
        return "RequestBody[hidden]";
    }

    private static ProblemException malformed(String title) {
        return new ProblemException(Problem.malformed(title));
    }

    private static <T> Mono<T> otherType() {
        return Mono.error(new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE));
    }
}
