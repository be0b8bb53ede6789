package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads which other origins' scripts may read a route's answers. */
final class CorsReader {

    private static final Set<String> KEYS =
            Set.of("origins", "methods", "headers", "exposed", "credentials", "max-age");
    private static final Set<String> SIMPLE_METHODS = Set.of("GET", "HEAD", "POST");
    private static final Duration MAX_AGE = Duration.ofMinutes(10);
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");

    private CorsReader() {}

    static Optional<CorsRule> read(FieldReader route) {
        return Choices.section(route, "cors", KEYS).flatMap(CorsReader::rule);
    }

    private static Optional<CorsRule> rule(FieldReader cors) {
        Optional<List<Scalar>> written = cors.require("origins", "write a list of origins such as https://app.example")
                .flatMap(value -> cors.texts("origins", value));
        Set<String> origins = written.map(texts -> origins(cors, texts)).orElse(Set.of());
        Set<String> methods = Choices.someOf(cors, "methods", MatchReader.METHODS)
                .map(chosen -> Set.copyOf(chosen))
                .orElse(SIMPLE_METHODS);
        Set<String> headers = names(cors, "headers").stream()
                .map(header -> header.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        List<String> exposed = names(cors, "exposed");
        Duration maxAge = Quantities.duration(cors, "max-age").orElse(MAX_AGE);
        boolean credentials = credentials(cors, origins);
        return origins.isEmpty() || (credentials && origins.contains(CorsRule.ANY))
                ? Optional.empty()
                : Optional.of(new CorsRule(origins, methods, headers, exposed, credentials, maxAge));
    }

    private static Set<String> origins(FieldReader cors, List<Scalar> written) {
        if (written.stream().anyMatch(origin -> origin.value().equals(CorsRule.ANY))) {
            written.stream()
                    .filter(origin -> written.size() > 1 && origin.value().equals(CorsRule.ANY))
                    .forEach(origin -> cors.wrong(origin, "origins must hold nothing beside '*'"));
            return Set.of(CorsRule.ANY);
        }
        return written.stream().flatMap(text -> origin(cors, text).stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<String> origin(FieldReader cors, Scalar text) {
        return CorsRule.origin(text.value())
                .or(() -> cors.wrong(
                        text,
                        "origins holds '" + text.value() + "', which is not an origin: write http:// or https://, a"
                                + " host, and a port where it is not the usual one; no path, no wildcard in it"));
    }

    private static List<String> names(FieldReader cors, String key) {
        List<Scalar> names =
                cors.find(key).flatMap(value -> cors.texts(key, value)).orElse(List.of());
        names.stream()
                .filter(name -> !HEADER.matcher(name.value()).matches())
                .forEach(name -> cors.wrong(name, key + " holds '" + name.value() + "', which is not a header name"));
        return names.stream().map(Scalar::value).toList();
    }

    private static boolean credentials(FieldReader cors, Set<String> origins) {
        Optional<YamlNode> value = cors.find("credentials");
        boolean isTrue = value.flatMap(flag -> cors.flag("credentials", flag)).orElse(false);
        if (isTrue && origins.contains(CorsRule.ANY)) {
            value.ifPresent(flag -> cors.wrong(flag, "credentials must be false where origins is '*'"));
        }
        return isTrue;
    }
}
