package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.audit.stream.EventPage;
import dev.latchkey.gateway.audit.stream.EventQuery;
import dev.latchkey.gateway.denylist.LocalDenylistReport.Kind;
import dev.latchkey.gateway.denylist.LocalDenylistReport.Mark;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads what an operator asks for; anything that is not understood is refused with a sentence, never ignored. */
final class AdminRequest {

    private static final int LARGEST_BODY = 16 * 1024;
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);
    private static final int DEFAULT_LIMIT = 100;

    private static final Pattern LIMIT = Pattern.compile("[1-9]\\d{0,2}");
    private static final Pattern MARK = Pattern.compile("([urs])([0-9a-f]{2})(.+)", Pattern.DOTALL);
    private static final List<Kind> KINDS = List.of(Kind.USER, Kind.ROLES, Kind.SESSION);
    private static final String LETTERS = "urs";

    /** Made ready here: the mapper would look for what it needs at its first call, under a lock. */
    private static final ObjectReader TREES = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerFor(JsonNode.class);

    private AdminRequest() {}

    /** A request that cannot be served, with the problem that says why. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        Refused(Problem problem) {
            super(problem.title(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    /** The parameters of the query, each once, and none but these. */
    static Map<String, String> parameters(ServerRequest request, Set<String> known) {
        MultiValueMap<String, String> given = request.queryParams();
        if (!known.containsAll(given.keySet())) {
            throw malformed("There is a query parameter that this does not take");
        }
        if (given.values().stream().anyMatch(values -> values.size() != 1 || values.get(0) == null)) {
            throw malformed("A query parameter has no value, or came twice");
        }
        return given.toSingleValueMap();
    }

    static Subject user(Map<String, String> parameters) {
        String user = parameters.getOrDefault("user", "");
        if (!Subject.isWellFormed(user)) {
            throw malformed("The parameter user must be a subject: 1 to 300 characters, no control characters");
        }
        return new Subject(user);
    }

    static ProviderName provider(Map<String, String> parameters) {
        String name = parameters.getOrDefault("provider", "");
        if (!ProviderName.isWellFormed(name)) {
            throw malformed("The parameter provider must be the name of an OpenID Provider");
        }
        return new ProviderName(name);
    }

    static String sub(Map<String, String> parameters, ProviderName provider) {
        String sub = parameters.getOrDefault("sub", "");
        if (sub.isEmpty() || !Subject.isWellFormed(provider.value() + "|" + sub)) {
            throw malformed("The parameter sub must be that of the provider's user");
        }
        return sub;
    }

    /** An id that none can be is one that there is not. */
    static PublicSessionId session(String id) {
        if (!PublicSessionId.isWellFormed(id)) {
            throw new Refused(Problem.NOT_FOUND);
        }
        return new PublicSessionId(id);
    }

    static int limit(Map<String, String> parameters) {
        String limit = parameters.getOrDefault("limit", String.valueOf(DEFAULT_LIMIT));
        if (!LIMIT.matcher(limit).matches() || Integer.parseInt(limit) > AdminDenylist.LARGEST_PAGE) {
            throw malformed("The parameter limit must be a number from 1 to " + AdminDenylist.LARGEST_PAGE);
        }
        return Integer.parseInt(limit);
    }

    /** Which events are looked for: of a user, a session, both or any. */
    static EventQuery query(Map<String, String> parameters) {
        Optional<String> session = Optional.ofNullable(parameters.get("session"));
        if (session.filter(PublicSessionId::isWellFormed).isEmpty() && session.isPresent()) {
            throw malformed("The parameter session must be a session's public id");
        }
        return new EventQuery(
                parameters.containsKey("user") ? Optional.of(user(parameters)) : Optional.empty(),
                session.map(PublicSessionId::new));
    }

    /** Where a page of events begins. */
    static Optional<String> before(Map<String, String> parameters) {
        Optional<String> before = Optional.ofNullable(parameters.get("before"));
        if (before.isPresent() && before.filter(EventPage::isPlace).isEmpty()) {
            throw malformed("The parameter before must be the one that the page before named as next");
        }
        return before;
    }

    /** Where a page begins, as {@link #cursor} wrote it. */
    static Mark mark(Map<String, String> parameters) {
        String cursor = parameters.get("cursor");
        if (cursor == null) {
            return Mark.START;
        }
        try {
            Matcher parts = MARK.matcher(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
            if (parts.matches()) {
                return new Mark(
                        KINDS.get(LETTERS.indexOf(parts.group(1))),
                        Integer.parseInt(parts.group(2), 16),
                        parts.group(3));
            }
        } catch (IllegalArgumentException notBase64) {
            throw wrongCursor();
        }
        throw wrongCursor();
    }

    private static Refused wrongCursor() {
        return malformed("The parameter cursor must be the one that the page before named as next");
    }

    static String cursor(Mark mark) {
        String text = LETTERS.charAt(KINDS.indexOf(mark.kind()))
                + String.format(Locale.ROOT, "%02x", mark.shard())
                + mark.id();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The one text of a JSON object, by its name. Fails with {@link Refused}. */
    static Mono<Map.Entry<String, String>> onlyText(ServerRequest request, Set<String> known) {
        if (!isJson(request)) {
            return Mono.error(new Refused(Problem.UNSUPPORTED_MEDIA_TYPE));
        }
        return DataBufferUtils.join(request.bodyToFlux(DataBuffer.class), LARGEST_BODY)
                .map(AdminRequest::drained)
                .defaultIfEmpty("")
                .timeout(BODY_TIMEOUT)
                .onErrorMap(DataBufferLimitException.class, large -> new Refused(Problem.CONTENT_TOO_LARGE))
                .onErrorMap(TimeoutException.class, late -> new Refused(Problem.REQUEST_TIMEOUT))
                .map(text -> onlyText(text, known));
    }

    private static boolean isJson(ServerRequest request) {
        try {
            return request.headers()
                    .contentType()
                    .filter(MediaType.APPLICATION_JSON::equalsTypeAndSubtype)
                    .isPresent();
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }

    private static String drained(DataBuffer buffer) {
        String text = buffer.toString(StandardCharsets.UTF_8);
        DataBufferUtils.release(buffer);
        return text;
    }

    private static Map.Entry<String, String> onlyText(String text, Set<String> known) {
        return read(text)
                .filter(node -> node.isObject() && node.size() == 1)
                .map(node -> node.properties().iterator().next())
                .filter(field ->
                        known.contains(field.getKey()) && field.getValue().isString())
                .map(field -> Map.entry(field.getKey(), field.getValue().stringValue()))
                .orElseThrow(() -> malformed("The body must be a JSON object with one text: token, sessionId or user"));
    }

    private static Optional<JsonNode> read(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.ofNullable(TREES.readTree(text));
        } catch (JacksonException malformed) {
            return Optional.empty();
        }
    }

    static Refused malformed(String title) {
        return new Refused(Problem.malformed(title));
    }
}
