package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessOptions;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.routes.definition.action.FixedResponse;
import dev.latchkey.gateway.routes.definition.action.HostHeader;
import dev.latchkey.gateway.routes.definition.action.Redirect.QueryHandling;
import dev.latchkey.gateway.routes.definition.action.RouteAnswer;
import dev.latchkey.gateway.routes.definition.pattern.ValueCondition;
import dev.latchkey.gateway.routes.upstream.DnsLookup;
import dev.latchkey.gateway.routes.upstream.TargetsRule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A route field by field, with what it inherits and without defaults. The fields come from the records themselves, so
 * none can be forgotten when two routes are compared. Header values are not shown, because some backends accept them as
 * secrets.
 */
public final class RouteDescription {

    /** Names in the file that differ from those of the records; empty where the file has no such level. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("settings", ""),
            Map.entry("options", ""),
            Map.entry("required-sign-in", ""),
            Map.entry("addresses", "targets"),
            Map.entry("lookup", ""),
            Map.entry("path", ""),
            Map.entry("checked-path", "path"),
            Map.entry("paths", "path"),
            Map.entry("hosts", "host"),
            Map.entry("split", "weight"),
            Map.entry("replacement", "replace-path"),
            Map.entry("template", "path"),
            Map.entry("request", "request-headers"),
            Map.entry("response", "response-headers"),
            Map.entry("causes", "on"),
            Map.entry("any-of", ""),
            Map.entry("all-of", "all"));

    private static final Set<String> HIDDEN = Set.of("position", "id-position", "id");

    /** What a route that answers by itself inherits in vain. */
    private static final Set<String> OF_BACKENDS = Set.of("entry.audience", "entry.relay");

    private static final Set<Object> USUAL_WORDS = Set.of(HostHeader.BACKEND, QueryHandling.KEEP);
    private static final String OURS = "dev.latchkey.gateway.";

    /** What is implied by the access level alone. */
    private static final Map<AccessLevel, List<RouteField>> USUAL = Map.of(
            AccessLevel.REQUIRED, fields(AccessOptions.DEFAULT),
            AccessLevel.OPTIONAL, usual(Relay.IDENTITY),
            AccessLevel.PUBLIC, usual(Relay.NONE));

    private final List<RouteField> fields = new ArrayList<>();

    private RouteDescription(String prefix, Record holder) {
        addAll(prefix, holder);
    }

    /** The fields of a route without its id, in the order of the file. */
    public static List<RouteField> of(RouteEntry route) {
        List<RouteField> implied = USUAL.getOrDefault(route.entry().access(), List.of());
        return new RouteDescription("", route)
                .fields.stream()
                        .filter(field -> !implied.contains(field))
                        .filter(field -> route.answer().isEmpty() || !OF_BACKENDS.contains(field.name()))
                        .toList();
    }

    private static List<RouteField> usual(Relay relay) {
        return Stream.of(Unauthenticated.values())
                .flatMap(unauthenticated -> fields(new AccessOptions(false, relay, unauthenticated, false)).stream())
                .toList();
    }

    private static List<RouteField> fields(AccessOptions options) {
        return new RouteDescription("entry", options).fields;
    }

    /** The fields of a route by name, for programs. */
    public static Map<String, Object> shown(RouteEntry route) {
        Map<String, Object> fields = new LinkedHashMap<>();
        of(route).forEach(field -> fields.put(field.name(), field.shown()));
        return fields;
    }

    /** Who may enter, on one line. */
    public static String rule(RouteEntry route) {
        return of(route).stream()
                .filter(field -> field.name().startsWith("entry."))
                .map(field -> field.name().equals("entry.access")
                        ? field.text()
                        : field.name().substring("entry.".length()) + " " + field.text())
                .collect(Collectors.joining(", "));
    }

    /** Where it leads, or what it answers by itself. */
    public static String backend(RouteEntry route) {
        return route.answer()
                .map(RouteAnswer::summary)
                .orElseGet(() -> route.to()
                        .lookup()
                        .map(DnsLookup::text)
                        .orElseGet(() -> route.to().addresses().stream()
                                .map(URI::toString)
                                .collect(Collectors.joining(", "))));
    }

    private void addAll(String prefix, Record holder) {
        for (RecordComponent component : holder.getClass().getRecordComponents()) {
            String name = kebab(component.getName());
            Object value = value(component, holder);
            if (!HIDDEN.contains(name) && value != null) {
                add(prefix, NAMES.getOrDefault(name, name), value);
            }
        }
    }

    private void add(String prefix, String name, Object value) {
        String whole = prefix.isEmpty() || name.isEmpty() ? prefix + name : prefix + "." + name;
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(present -> add(prefix, name, present));
        } else if (value instanceof RouteAnswer answer) {
            addAll(answer.key(), (Record) answer);
        } else if (value instanceof TargetsRule targets
                && !targets.isMany()
                && targets.healthCheck().isEmpty()) {
            targets.addresses().forEach(address -> fields.add(new RouteField(whole, address, text(address))));
        } else if (isHolder(value)) {
            addHolder(whole, (Record) value);
        } else if (!isEmpty(value)) {
            fields.add(new RouteField(whole, value, shown(value)));
        }
    }

    /** A record of one component is shown as the component. */
    private void addHolder(String name, Record holder) {
        RecordComponent[] components = holder.getClass().getRecordComponents();
        Object only = components.length == 1 ? value(components[0], holder) : null;
        if (only == null) {
            addAll(name, holder);
        } else {
            add(name, "", only);
        }
    }

    private static boolean isHolder(Object value) {
        return value instanceof Record && value.getClass().getName().startsWith(OURS) && !hasText(value);
    }

    /** Whether the record has a text of its own, as the file writes it. */
    private static boolean hasText(Object value) {
        return !value.toString().startsWith(value.getClass().getSimpleName() + "[");
    }

    private static boolean isEmpty(Object value) {
        return (value instanceof Collection<?> all && all.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || value.equals("")
                || value.equals(0)
                || value.equals(Duration.ZERO)
                || value.equals(false)
                || value.equals(new FixedResponse.Body(""))
                || USUAL_WORDS.contains(value);
    }

    private static Object shown(Object value) {
        if (value instanceof Map<?, ?> map) {
            return new TreeSet<>(map.keySet()).stream().map(String::valueOf).toList();
        }
        if (value instanceof Set<?> set) {
            return set.stream().map(RouteDescription::text).sorted().toList();
        }
        if (value instanceof Collection<?> all) {
            return all.stream().map(RouteDescription::text).toList();
        }
        return value instanceof Number || value instanceof Boolean ? value : text(value);
    }

    private static String text(Object value) {
        if (value instanceof ValueCondition condition) {
            return (condition.test().test(List.of()) ? "no " : "") + condition.name();
        }
        if (value instanceof Duration duration) {
            return text(duration);
        }
        if (value == Unauthenticated.PROBLEM) {
            return "401";
        }
        if (value instanceof Enum<?> constant) {
            return words(constant.name());
        }
        return isHolder(value) ? inline((Record) value) : String.valueOf(value);
    }

    private static String inline(Record holder) {
        List<RouteField> inner = new RouteDescription("", holder).fields;
        return inner.stream()
                .map(field -> inner.size() == 1 ? field.text() : field.name() + " " + field.text())
                .collect(Collectors.joining(" "));
    }

    private static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    public static String words(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object value(RecordComponent component, Record holder) {
        try {
            return component.getAccessor().invoke(holder);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException("a record of ours hides " + component.getName(), impossible);
        }
    }
}
