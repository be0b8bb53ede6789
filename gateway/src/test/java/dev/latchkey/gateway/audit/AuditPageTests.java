package dev.latchkey.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent.Fact;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/audit.md names each event, with all that it says, and no other. */
final class AuditPageTests {

    private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\|([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern REASON = Pattern.compile("`([a-z-]+)`(?=[^|\\n]*\\|[^|\\n]*\\|$)", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([a-z]+)`");

    private static final Map<Type, Object> EXAMPLES = Map.of(
            Subject.class, new Subject("ada"),
            PublicSessionId.class, new PublicSessionId("012345678901234567890A"),
            ProviderName.class, new ProviderName("keycloak"),
            Generation.class, new Generation(7),
            String.class, "word");

    @Test
    void eventsWhenThereAreThenThePageHasThemWithTheirFacts() throws IOException {
        assertThat(inPage()).isEqualTo(inCode());
    }

    @Test
    void reasonsWhenThereAreThenThePageHasThem() throws IOException {
        Set<String> inPage = REASON.matcher(section("## Reasons", "## Ends without an event"))
                .results()
                .map(reason -> reason.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(inPage)
                .isEqualTo(Arrays.stream(RevocationReason.values())
                        .map(RevocationReason::word)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static String section(String from, String to) throws IOException {
        String page = Files.readString(Path.of("../docs/audit.md"));
        return page.substring(page.indexOf(from), page.indexOf(to));
    }

    @Test
    void eventsWhenWrittenAsEcsThenEachFactHasAField() {
        assertThat(events().map(event -> EcsFields.of(event).size())).allMatch(fields -> fields >= 5);
    }

    private static Map<String, Set<String>> inPage() throws IOException {
        Map<String, Set<String>> events = new TreeMap<>();
        Matcher rows = ROW.matcher(section("## Events", "## Reasons"));
        while (rows.find()) {
            events.put(
                    rows.group(1),
                    NAME.matcher(rows.group(2))
                            .results()
                            .map(name -> name.group(1))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return events;
    }

    private static Map<String, Set<String>> inCode() {
        return events().collect(Collectors.toMap(
                AuditEvent::name,
                event -> event.facts().stream().map(Fact::name).collect(Collectors.toCollection(TreeSet::new)),
                (one, other) -> {
                    one.addAll(other);
                    return one;
                },
                TreeMap::new));
    }

    private static Stream<AuditEvent> events() {
        return Arrays.stream(AuditEvent.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() == AuditEvent.class)
                .map(AuditPageTests::made);
    }

    private static AuditEvent made(Method factory) {
        Object[] arguments = Arrays.stream(factory.getGenericParameterTypes())
                .map(AuditPageTests::example)
                .toArray();
        try {
            return (AuditEvent) factory.invoke(null, arguments);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError(factory.getName(), failure);
        }
    }

    private static Object example(Type type) {
        return type instanceof ParameterizedType optional
                ? Optional.of(example(optional.getActualTypeArguments()[0]))
                : Objects.requireNonNull(EXAMPLES.get(type), type.getTypeName());
    }
}
