package dev.latchkey.gateway.management;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/** The names that properties can have, by level: those of the components of records, and of a map's entries any. */
final class PropertyNames {

    /** The names on this level, as they are written in pages; none where a value stands. */
    private final Map<String, PropertyNames> members = new TreeMap<>();

    /** What each entry of a map is; only if this is a map of records. */
    private @Nullable PropertyNames entries;

    /** Whether any name may follow: of a map of values. */
    private boolean isOpen;

    private PropertyNames() {}

    /** The properties of these records, each below the prefix of its {@link ConfigurationProperties}. */
    static PropertyNames of(Collection<Class<?>> records) {
        PropertyNames root = new PropertyNames();
        for (Class<?> type : records) {
            ConfigurationProperties properties =
                    Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class));
            PropertyNames place = root;
            for (String element : properties.value().split("\\.", -1)) {
                place = place.members.computeIfAbsent(element, unused -> new PropertyNames());
            }
            place.addComponents(ResolvableType.forClass(type));
        }
        return root;
    }

    private void addComponents(ResolvableType type) {
        for (RecordComponent component : type.toClass().getRecordComponents()) {
            ResolvableType inner = ResolvableType.forType(component.getGenericType());
            members.put(DataObjectPropertyName.toDashedForm(component.getName()), ofType(inner));
        }
    }

    private static PropertyNames ofType(ResolvableType type) {
        PropertyNames names = new PropertyNames();
        ResolvableType entry = type.asMap().getGeneric(1);
        if (type.toClass().isRecord()) {
            names.addComponents(type);
        } else if (entry.toClass().isRecord()) {
            names.entries = ofType(entry);
        } else {
            names.isOpen = Map.class.isAssignableFrom(type.toClass());
        }
        return names;
    }

    private boolean isValue() {
        return members.isEmpty() && !isMap();
    }

    /** The framework finds a map in the environment only if its name is written as one word. */
    private boolean isMap() {
        return entries != null || isOpen;
    }

    /** Whether the first element below {@code latchkey} is a group's name. */
    boolean hasGroup(ConfigurationPropertyName name) {
        PropertyNames ours = members.getOrDefault(name.getElement(0, Form.DASHED), new PropertyNames());
        return ours.members.entrySet().stream()
                .anyMatch(member -> !member.getValue().isValue() && taken(name, 1, member.getKey(), true) > 0);
    }

    /**
     * The name that was probably meant, where this one is none; empty if it is one.
     *
     * @param isJoined whether words of one name stand apart, as in environment variables, which have no dashes
     */
    Optional<String> meant(ConfigurationPropertyName name, boolean isJoined) {
        return find(name, 0, "", isJoined);
    }

    private Optional<String> find(ConfigurationPropertyName name, int at, String before, boolean isJoined) {
        int size = name.getNumberOfElements();
        if (isOpen || at == size || (isValue() && name.isNumericIndex(at) && at == size - 1)) {
            return Optional.empty();
        }
        if (entries != null) {
            return entries.find(name, at + 1, before + "." + name.getElement(at, Form.DASHED), isJoined);
        }
        String meant = members.isEmpty() ? before : nearest(name, at, before);
        for (Map.Entry<String, PropertyNames> member : members.entrySet()) {
            int taken = taken(name, at, member.getKey(), isJoined);
            boolean isBound = taken == 1 || (taken > 1 && !member.getValue().isMap());
            if (taken > 1 && !isBound) {
                meant = joined(before, member.getKey());
            } else if (isBound) {
                Optional<String> inner =
                        member.getValue().find(name, at + taken, joined(before, member.getKey()), isJoined);
                if (inner.isEmpty()) {
                    return inner;
                }
                meant = inner.get();
            }
        }
        return Optional.of(meant);
    }

    /** How many elements make up this member's name; 0 if they are another's. */
    private static int taken(ConfigurationPropertyName name, int at, String member, boolean isJoined) {
        String wanted = uniform(member);
        StringBuilder read = new StringBuilder();
        for (int i = at; i < name.getNumberOfElements() && (isJoined || i == at); i++) {
            read.append(name.getElement(i, Form.UNIFORM));
            if (wanted.contentEquals(read)) {
                return i - at + 1;
            }
        }
        return 0;
    }

    private String nearest(ConfigurationPropertyName name, int at, String before) {
        String written = name.getElement(at, Form.UNIFORM);
        String member = members.keySet().stream()
                .min(Comparator.comparingInt(known -> distance(written, uniform(known))))
                .orElseThrow();
        return joined(before, member);
    }

    private static String joined(String before, String member) {
        return before.isEmpty() ? member : before + "." + member;
    }

    private static String uniform(String member) {
        return member.replace("-", "");
    }

    /** How many letters must be added, removed or changed (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
