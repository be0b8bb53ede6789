package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.definition.action.FixedResponse;
import dev.latchkey.gateway.routes.definition.action.FixedResponse.Body;
import dev.latchkey.gateway.routes.definition.action.RouteAnswer;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a route answers by itself. */
final class AnswerReader {

    private static final Set<String> KEYS = Set.of("status", "content-type", "headers", "body");
    private static final int MOST_BYTES = 64 * 1024;
    private static final int OK = 200;
    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 599;
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 205);
    private static final String USUAL_TYPE = "text/plain; charset=utf-8";

    /** RFC 9110 section 8.3.1. */
    private static final Pattern MEDIA_TYPE = Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}"
            + "(?: *; *[A-Za-z0-9!#$&^_.+-]{1,64}=(?:[A-Za-z0-9!#$&^_.+-]{1,64}|\"[A-Za-z0-9 !#-\\[\\]-~]{0,64}\"))*");

    private static final Pattern CHARSET = Pattern.compile("(?i); *charset=\"?([^\";]*)");

    /** They say what happens on the way to a backend. */
    private static final List<String> OF_BACKENDS =
            List.of("to", "rewrite", "timeout", "connect-timeout", "ssl-bundle", "retries", "circuit-breaker");

    private AnswerReader() {}

    /** Whether the route says what it answers, be it right or wrong. */
    static boolean isThere(FieldReader route) {
        return route.find("redirect").isPresent() || route.find("respond").isPresent();
    }

    /** The answer, or nothing if faults were reported. */
    static Optional<RouteAnswer> read(FieldReader route) {
        Optional<YamlNode> redirect = route.find("redirect");
        String key = redirect.isPresent() ? "redirect" : "respond";
        OF_BACKENDS.forEach(name -> route.own(name)
                .ifPresent(
                        value -> route.wrong(value, name + " cannot stand beside " + key + ": no backend is asked")));
        route.find("respond")
                .filter(unused -> redirect.isPresent())
                .ifPresent(value -> route.wrong(value, "respond cannot stand beside redirect"));
        return redirect.isPresent()
                ? RedirectReader.read(route, redirect.get())
                : route.find("respond")
                        .flatMap(value -> route.fields("respond", value, KEYS))
                        .flatMap(AnswerReader::response);
    }

    private static Optional<RouteAnswer> response(FieldReader respond) {
        int status =
                respond.find("status").flatMap(value -> status(respond, value)).orElse(OK);
        Optional<YamlNode> body = respond.find("body");
        Optional<String> type = respond.find("content-type").flatMap(value -> type(respond, value));
        Map<String, String> headers = RewriteReader.values(respond, "headers");
        if (headers.containsKey("content-type")) {
            respond.find("headers")
                    .ifPresent(value -> respond.wrong(value, "headers must not hold Content-Type; write content-type"));
        }
        body.filter(unused -> WITHOUT_BODY.contains(status))
                .ifPresent(value -> respond.wrong(value, "body cannot stand beside status " + status));
        Optional<String> text = body.flatMap(value -> text(respond, value));
        return Optional.of(new FixedResponse(
                status, type.or(() -> text.map(unused -> USUAL_TYPE)), headers, new Body(text.orElse(""))));
    }

    private static Optional<Integer> status(FieldReader respond, YamlNode value) {
        return Quantities.whole(respond, "status", value, LEAST_STATUS, MOST_STATUS)
                .filter(status -> status / 100 != 3
                        || respond.wrong(value, "status must not be one of a redirect; write redirect instead")
                                .isPresent());
    }

    /** A text type gets the charset in which the body is sent. */
    private static Optional<String> type(FieldReader respond, YamlNode value) {
        Optional<Scalar> text = respond.text("content-type", value);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String type = text.get().value();
        if (!MEDIA_TYPE.matcher(type).matches()) {
            return respond.wrong(value, "content-type must be a media type such as application/json");
        }
        Matcher charset = CHARSET.matcher(type);
        if (charset.find()) {
            return charset.group(1).equalsIgnoreCase("utf-8")
                    ? Optional.of(type)
                    : respond.wrong(value, "content-type must name no charset but utf-8, in which the body is sent");
        }
        return Optional.of(type.toLowerCase(Locale.ROOT).startsWith("text/") ? type + "; charset=utf-8" : type);
    }

    private static Optional<String> text(FieldReader respond, YamlNode value) {
        return respond.text("body", value, MOST_BYTES)
                .map(Scalar::value)
                .filter(text -> text.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES
                        || respond.wrong(value, "body must have at most 64 KB").isPresent());
    }
}
