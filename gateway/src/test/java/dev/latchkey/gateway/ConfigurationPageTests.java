package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * docs/configuration.md is made from the metadata that the compiler writes of the properties' records, and this test
 * holds it equal. Where it is run with {@code -Dlatchkey.docs.write=true} it writes the page instead.
 */
final class ConfigurationPageTests {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)}");

    /** For what is not a property of ours, and for what has braces. */
    private static final Pattern FOREIGN_CODE = Pattern.compile("<code>\\s*(.*?)\\s*</code>");

    private static final Set<String> REQUIRED =
            Set.of("latchkey.issuer", "latchkey.public-origins", "latchkey.keys.directory", "latchkey.routes.file");

    private static final String HEAD = """
            # Configuration

            Every property of Latchkey's own, from the configuration metadata of the code. Write them in
            `application.yml` in the working directory (`/app` in the image), in a file that
            `--spring.config.additional-location` names, as environment variables (`LATCHKEY_TOKEN_ACCESS_TTL`) or as
            arguments (`--latchkey.token.access-ttl=5m`); `java -jar gateway.jar check` says what is missing or wrong
            without serving. A property that does not exist, such as a misspelt one, fails the start with the name
            that was probably meant; an environment variable only if it begins like a group (`LATCHKEY_TOKEN_`),
            because others, such as `LATCHKEY_PORT`, may be Kubernetes'.

            A duration is a number with a unit (`500ms`, `5s`, `10m`, `7d`), a size likewise (`64KB`, `16MB`), a
            list is written with commas or as a YAML list. Addresses, ports, TLS and logging are Spring Boot's:
            `server.*`, `management.server.*`, `spring.data.redis.*`, `logging.*`. Routes have a file and a page of
            their own: [routes](routes.md).
            """;

    @Test
    void pageWhenThePropertiesChangeThenItSaysSo() throws IOException {
        String page = page();
        if (Boolean.getBoolean("latchkey.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("write it anew: ./mvnw -pl gateway test -Dtest=ConfigurationPageTests"
                        + " -Dlatchkey.docs.write=true")
                .isEqualTo(page);
    }

    private static String page() throws IOException {
        Map<String, JsonNode> properties = new TreeMap<>();
        JsonNode metadata = JsonMapper.shared()
                .readTree(new ClassPathResource("META-INF/spring-configuration-metadata.json").getContentAsByteArray());
        for (JsonNode property : metadata.path("properties")) {
            String name = property.path("name").asString();
            if (name.startsWith("latchkey.")) {
                assertThat(properties.put(name, property))
                        .as("one record binds " + name)
                        .isNull();
                assertThat(property.path("description").asString("")).as(name).isNotBlank();
            }
        }
        StringBuilder page = new StringBuilder(HEAD);
        properties.values().stream()
                .collect(Collectors.groupingBy(property -> group(name(property)), TreeMap::new, Collectors.toList()))
                .forEach((group, members) -> {
                    page.append("\n## ")
                            .append(group)
                            .append("\n\n| property | type | default | meaning |\n| --- | --- | --- | --- |\n");
                    members.forEach(property -> page.append(row(property)));
                });
        return page.toString();
    }

    private static String name(JsonNode property) {
        return property.path("name").asString();
    }

    /** {@code latchkey.token} of {@code latchkey.token.access-ttl}, {@code latchkey} of {@code latchkey.issuer}. */
    private static String group(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String row(JsonNode property) {
        String meaning = CODE.matcher(property.path("description").asString())
                .replaceAll(code ->
                        "`" + (code.group(1).matches("[a-z]+[A-Z]\\w*") ? kebab(code.group(1)) : code.group(1)) + "`")
                .replace("|", "\\|");
        return "| `%s` | %s | %s | %s |%n"
                .formatted(
                        name(property),
                        type(property.path("type").asString()),
                        value(property),
                        FOREIGN_CODE.matcher(meaning).replaceAll("`$1`"));
    }

    private static String value(JsonNode property) {
        String value = property.path("defaultValue").asString("");
        if (!value.isEmpty()) {
            return "`" + value + "`";
        }
        return REQUIRED.contains(name(property)) ? "**must be set**" : "none";
    }

    private static String type(String type) {
        if (type.startsWith("java.util.List") || type.startsWith("java.util.Set")) {
            return "list";
        }
        if (type.startsWith("java.util.Map")) {
            return "by name";
        }
        return switch (type) {
            case "java.lang.String" -> "text";
            case "java.lang.Boolean" -> "`true` or `false`";
            case "java.lang.Integer", "java.lang.Long", "java.lang.Double" -> "number";
            case "java.nio.file.Path" -> "path";
            case "java.net.URI" -> "address";
            default -> other(type);
        };
    }

    private static String other(String type) {
        if (type.equals(Duration.class.getName())) {
            return "duration";
        }
        if (type.equals(DataSize.class.getName())) {
            return "size";
        }
        try {
            return Arrays.stream(Class.forName(type).getEnumConstants())
                    .map(constant -> "`" + spelled((Enum<?>) constant) + "`")
                    .collect(Collectors.joining(", "));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Names such as RS256 are written as they are. */
    private static String spelled(Enum<?> value) {
        return value.name().matches(".*\\d.*")
                ? value.name()
                : value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
