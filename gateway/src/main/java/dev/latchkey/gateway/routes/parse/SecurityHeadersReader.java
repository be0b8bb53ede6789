package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.definition.SecurityHeaders;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the headers that restrict browsers: the defaults, with single ones changed. */
final class SecurityHeadersReader {

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");

    private SecurityHeadersReader() {}

    static SecurityHeaders read(FieldReader route) {
        return route.find("security-headers")
                .filter(value -> !Choices.isOff(value))
                .flatMap(value -> headers(route, value))
                .orElse(SecurityHeaders.NONE);
    }

    private static Optional<SecurityHeaders> headers(FieldReader route, YamlNode value) {
        if (value instanceof Scalar scalar) {
            return scalar.value().equals("default")
                    ? Optional.of(new SecurityHeaders(SecurityHeaders.DEFAULTS))
                    : route.wrong(value, "security-headers must be default, off or a mapping of headers");
        }
        return route.fields("security-headers", value, SecurityHeaders.DEFAULTS.keySet())
                .map(SecurityHeadersReader::changed);
    }

    private static SecurityHeaders changed(FieldReader headers) {
        Map<String, String> values = new LinkedHashMap<>(SecurityHeaders.DEFAULTS);
        for (String name : SecurityHeaders.DEFAULTS.keySet()) {
            headers.find(name)
                    .flatMap(value -> value(headers, name, value))
                    .ifPresent(value -> values.put(name, value));
        }
        values.values().removeIf(value -> value.equals("off"));
        return new SecurityHeaders(values);
    }

    private static Optional<String> value(FieldReader headers, String name, YamlNode value) {
        return headers.text(name, value)
                .map(Scalar::value)
                .flatMap(text -> VALUE.matcher(text).matches()
                        ? Optional.of(text)
                        : headers.wrong(value, name + " must hold printable ASCII characters only"));
    }
}
