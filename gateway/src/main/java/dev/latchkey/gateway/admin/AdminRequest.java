package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.audit.stream.EventPage;
import dev.latchkey.gateway.audit.stream.EventQuery;
import dev.latchkey.gateway.denylist.LocalDenylistReport.Kind;
import dev.latchkey.gateway.denylist.LocalDenylistReport.Mark;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemException;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Reads what an operator asks for; anything that is not understood is refused with a sentence, never ignored. */
final class AdminRequest {

    private static final int DEFAULT_LIMIT = 100;

    private static final Pattern LIMIT = Pattern.compile("[1-9]\\d{0,2}");
    private static final Pattern MARK = Pattern.compile("([urs])([0-9a-f]{2})(.+)", Pattern.DOTALL);
    private static final List<Kind> KINDS = List.of(Kind.USER, Kind.ROLES, Kind.SESSION);
    private static final String LETTERS = "urs";

    private AdminRequest() {}

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
        return Subject.typed(user);
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
            throw new ProblemException(Problem.NOT_FOUND);
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

    private static ProblemException wrongCursor() {
        return malformed("The parameter cursor must be the one that the page before named as next");
    }

    static String cursor(Mark mark) {
        String text = LETTERS.charAt(KINDS.indexOf(mark.kind()))
                + String.format(Locale.ROOT, "%02x", mark.shard())
                + mark.id();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The one text of a JSON object, by its name. Fails with {@link ProblemException}. */
    static Mono<Map.Entry<String, String>> onlyText(ServerRequest request, Set<String> known) {
        return RequestBody.json(request.exchange().getRequest()).map(body -> onlyText(body, known));
    }

    private static Map.Entry<String, String> onlyText(RequestBody body, Set<String> known) {
        return body.fields().entrySet().stream()
                .filter(field -> known.contains(field.getKey())
                        && body.isWhole()
                        && body.fields().size() == 1)
                .findFirst()
                .orElseThrow(() -> malformed("The body must be a JSON object with one text: token, sessionId or user"));
    }

    static ProblemException malformed(String title) {
        return new ProblemException(Problem.malformed(title));
    }
}
