package dev.latchkey.gateway.signin;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text fields of a small body, from a form or a JSON object. What cannot be read fails with a status: 413 over 8 kB
 * of JSON or 32 kB of a form, which holds a return path with every character encoded; 415 for another type, 400 if it
 * is not an object of texts.
 *
 * @param isForm whether a browser's form sent it
 */
public record RequestBody(Map<String, String> fields, boolean isForm) {

    private static final int MAX_JSON = 8 * 1024;
    private static final int MAX_FORM = 32 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(tools.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Made ready here: the mapper would look for what it needs at its first call, under a lock. */
    private static final ObjectReader TREES = JSON.readerFor(JsonNode.class);

    /** A form or a JSON object. */
    public static Mono<RequestBody> formOrJson(ServerHttpRequest request) {
        return isForm(request) ? text(request, MAX_FORM).map(RequestBody::form) : json(request);
    }

    /** A form of another site's page, whatever it says that it is. */
    public static Mono<RequestBody> form(ServerHttpRequest request) {
        return isForm(request) ? text(request, MAX_FORM).map(RequestBody::form) : Mono.error(status(415));
    }

    public static Mono<RequestBody> json(ServerHttpRequest request) {
        return isJson(request) ? text(request, MAX_JSON).map(RequestBody::object) : Mono.error(status(415));
    }

    /** Fails with 415 where it came as a form. */
    static Mono<RequestBody> onlyJson(RequestBody body) {
        return body.isForm ? Mono.error(status(415)) : Mono.just(body);
    }

    /** JSON or an empty body. */
    static Mono<RequestBody> jsonOrEmpty(ServerHttpRequest request) {
        return !request.getHeaders().containsHeader(HttpHeaders.CONTENT_TYPE) || isForm(request)
                ? Mono.just(new RequestBody(Map.of(), isForm(request)))
                : json(request);
    }

    static boolean isForm(ServerHttpRequest request) {
        return typeOf(request)
                .filter(MediaType.APPLICATION_FORM_URLENCODED::isCompatibleWith)
                .isPresent();
    }

    private static boolean isJson(ServerHttpRequest request) {
        return typeOf(request)
                .filter(MediaType.APPLICATION_JSON::equalsTypeAndSubtype)
                .isPresent();
    }

    /** Empty, too, if the header is malformed. */
    private static Optional<MediaType> typeOf(ServerHttpRequest request) {
        try {
            return Optional.ofNullable(request.getHeaders().getContentType());
        } catch (InvalidMediaTypeException malformed) {
            return Optional.empty();
        }
    }

    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    private static Mono<String> text(ServerHttpRequest request, int largest) {
        return DataBufferUtils.join(request.getBody(), largest)
                .map(RequestBody::drained)
                .defaultIfEmpty("")
                .onErrorMap(DataBufferLimitException.class, tooLarge -> status(413));
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
                throw status(400);
            }
        }
        return new RequestBody(Map.copyOf(fields), true);
    }

    private static String decoded(String text) {
        try {
            return java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw status(400);
        }
    }

    private static RequestBody object(String text) {
        Map<String, String> fields = new HashMap<>();
        JsonNode object = parsed(text);
        object.properties().stream()
                .filter(field -> field.getValue().isString())
                .forEach(field -> fields.put(field.getKey(), field.getValue().stringValue()));
        return new RequestBody(Map.copyOf(fields), false);
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode node = text.isBlank() ? JSON.createObjectNode() : TREES.readTree(text);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException malformed) {
            throw status(400);
        }
        throw status(400);
    }

    /** Hides the values: they are passwords and refresh tokens. */
    @Override
    public String toString() {
        return "RequestBody[hidden]";
    }

    private static ResponseStatusException status(int status) {
        return new ResponseStatusException(HttpStatus.valueOf(status));
    }
}
