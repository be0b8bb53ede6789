package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteField;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema says what the code says: the same keys everywhere, and no to what it can say no to. */
final class RoutesSchemaTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode TEXT = JSON.readTree(resource("routes.schema.json"));
    private static final Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(Dialects.getDraft202012()).getSchema(TEXT);
    private static final Pattern KNOWN = Pattern.compile("unknown key '(?:[^']*\\.)?zzz'; known here: (.*)");
    private static final String ANY_NAME = "X-A";

    @Test
    void keysWhenComparedThenThoseOfTheReaders() {
        List<List<String>> left = new ArrayList<>(List.of(List.of()));
        int compared = 0;
        while (!left.isEmpty()) {
            List<String> path = left.remove(0);
            Set<String> inSchema = schemaKeys(path);
            assertThat(inSchema.equals(Set.of(ANY_NAME)) ? Set.of() : inSchema)
                    .as("the schema's keys of %s", path)
                    .isEqualTo(readerKeys(path));
            inSchema.forEach(
                    key -> left.add(Stream.concat(path.stream(), Stream.of(key)).toList()));
            compared++;
        }

        assertThat(compared).isGreaterThan(100);
    }

    static Stream<String> goodFiles() {
        return Stream.concat(servedFiles(), Stream.of("src/main/resources/demo-routes.yml", "../deploy/routes.yml"));
    }

    /** Each is served by a test of its own, with a real backend behind it. */
    private static Stream<String> servedFiles() {
        return Stream.of(
                        "accepted",
                        "matching",
                        "entry",
                        "browser",
                        "circuit",
                        "limits",
                        "targets",
                        "answers",
                        "secure",
                        "health",
                        "dns")
                .map(name -> "src/test/resources/dev/latchkey/gateway/routes/" + name + "-routes.yml");
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file)).replace("BACKEND", "127.0.0.1:8081");
    }

    @ParameterizedTest
    @MethodSource("goodFiles")
    void fileWhenGoodThenTheSchemaAgrees(String file) throws IOException {
        assertThat(SCHEMA.validate(json(read(file)).orElseThrow(), InputFormat.JSON))
                .isEmpty();
    }

    /** What a section needs may stand in the defaults. */
    @Test
    void fileWhenSectionsAreCompletedByDefaultsThenTheSchemaAgrees() {
        String file = """
                version: 1
                defaults:
                  retries: { count: 2 }
                  cors: { origins: [https://app.example] }
                routes:
                  - id: a
                    match: { path: /a }
                    to: http://a
                    retries: { backoff: 10ms }
                    cors: { max-age: 5m }
                    entry: { access: public }
                """;
        String off = file.replace("{ count: 2 }", "off").replace("{ origins: [https://app.example] }", "off");

        assertThat(TestRoutes.read(file).routes().get(0).settings().retries().count())
                .isEqualTo(2);
        assertThat(SCHEMA.validate(json(file).orElseThrow(), InputFormat.JSON)).isEmpty();
        assertThat(TestRoutes.refused("routes.yml", off.getBytes(StandardCharsets.UTF_8)))
                .hasSize(2);
        assertThat(SCHEMA.validate(json(off).orElseThrow(), InputFormat.JSON)).isNotEmpty();
    }

    /** What diff and status call a field is what the file calls it. */
    @ParameterizedTest
    @MethodSource("goodFiles")
    void fieldsWhenDescribedThenByNamesOfTheSchema(String file) throws IOException {
        Set<String> unknown = new TreeSet<>();
        TestRoutes.read(read(file)).routes().stream()
                .flatMap(route -> RouteDescription.of(route).stream())
                .map(RouteField::name)
                .filter(name -> !isInSchema(name))
                .forEach(unknown::add);

        assertThat(unknown).isEmpty();
    }

    @Test
    void keysWhenComparedThenEachStandsInAFileThatIsServed() throws IOException {
        Set<String> served = new TreeSet<>();
        for (String file : servedFiles().toList()) {
            collect("", JSON.readTree(json(read(file)).orElseThrow()), served);
        }

        assertThat(served).containsAll(keysBelow(List.of("routes")));
    }

    private static void collect(String path, JsonNode node, Set<String> names) {
        node.propertyStream().forEach(property -> {
            String name = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            names.add(name);
            collect(name, property.getValue(), names);
        });
        if (node.isArray()) {
            node.forEach(element -> collect(path, element, names));
        }
    }

    private static Set<String> keysBelow(List<String> path) {
        Set<String> keys = new TreeSet<>();
        for (String key : schemaKeys(path)) {
            List<String> inner = Stream.concat(path.stream(), Stream.of(key)).toList();
            if (!key.equals(ANY_NAME)) {
                keys.add(String.join(".", inner));
                keys.addAll(keysBelow(inner));
            }
        }
        return keys;
    }

    private static boolean isInSchema(String field) {
        List<String> path = Stream.concat(Stream.of("routes"), Arrays.stream(field.split("\\.", -1)))
                .toList();
        Set<String> known = schemaKeys(path.subList(0, path.size() - 1));
        return known.contains(path.get(path.size() - 1)) || known.contains(ANY_NAME);
    }

    /** What no schema can say (that two routes have one id) or this one does not is listed by its title. */
    @Test
    void filesWhenRefusedThenTheSchemaRefusesAllButTheListed() throws IOException {
        Set<String> accepted = new TreeSet<>();
        RefusedRoutesTests.cases().map(Arguments::get).forEach(refused -> {
            Optional<String> json = json((String) refused[2]);
            if (json.isPresent()
                    && SCHEMA.validate(json.get(), InputFormat.JSON).isEmpty()) {
                accepted.add((String) refused[0]);
            }
        });

        assertThat(accepted)
                .containsExactlyElementsOf(
                        new TreeSet<>(resource("beyond-the-schema.txt").lines().toList()));
    }

    @Test
    void schemaWhenInTheRepositoryThenTheSameAsInTheJar() throws IOException {
        assertThat(Files.readString(Path.of("../docs/routes.schema.json"))).isEqualTo(resource("routes.schema.json"));
    }

    private static Set<String> schemaKeys(List<String> path) {
        List<JsonNode> nodes = alternatives(TEXT);
        for (String name : path) {
            nodes = nodes.stream()
                    .flatMap(part -> Stream.of(part.path("properties").path(name), part.path("additionalProperties")))
                    .filter(JsonNode::isObject)
                    .flatMap(part -> alternatives(part).stream())
                    .toList();
        }
        Set<String> keys = new TreeSet<>();
        for (JsonNode node : nodes) {
            keys.addAll(node.path("properties").propertyNames());
            if (node.path("additionalProperties").isObject()) {
                keys.add(ANY_NAME);
            }
        }
        return keys;
    }

    /** A node, what it refers to, its branches and the items of its lists. */
    private static List<JsonNode> alternatives(JsonNode node) {
        List<JsonNode> all = new ArrayList<>(List.of(node));
        if (node.has("$ref")) {
            all.addAll(alternatives(TEXT.at(node.get("$ref").asString().substring(1))));
        }
        node.path("oneOf").forEach(branch -> all.addAll(alternatives(branch)));
        if (node.path("items").isObject()) {
            all.addAll(alternatives(node.get("items")));
        }
        return all;
    }

    /** What the readers name when they meet a key that they do not know; one they know in order to refuse it. */
    private static Set<String> readerKeys(List<String> path) {
        Set<String> keys = new TreeSet<>();
        for (String probe : List.of("{ zzz: 1 }", "[ { zzz: 1 } ]")) {
            for (String sentence :
                    TestRoutes.refused("r", (nested(path, probe) + "\n").getBytes(StandardCharsets.UTF_8))) {
                Matcher known = KNOWN.matcher(sentence);
                if (known.find()) {
                    keys.addAll(Arrays.asList(known.group(1).split(", ")));
                }
            }
        }
        if (path.equals(List.of("defaults", "entry"))) {
            assertThat(keys.remove("access")).isTrue();
        }
        return keys;
    }

    private static String nested(List<String> path, String probe) {
        String inner = probe;
        for (int at = path.size() - 1; at >= 0; at--) {
            String value = path.get(at).equals("routes") && at < path.size() - 1 ? "[ " + inner + " ]" : inner;
            String rest = at == 0 && !path.get(0).equals("routes") ? ", routes: []" : "";
            inner = "{ " + path.get(at) + ": " + value + rest + " }";
        }
        return inner;
    }

    private static Optional<String> json(String yaml) {
        try {
            Object data = new Load(LoadSettings.builder().build()).loadFromString(yaml);
            return Optional.of(JSON.writeValueAsString(data));
        } catch (YamlEngineException | NumberFormatException noYaml) {
            return Optional.empty();
        }
    }

    private static String resource(String name) {
        try (InputStream in = RoutesSchemaTests.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
