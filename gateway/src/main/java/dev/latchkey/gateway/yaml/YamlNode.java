package dev.latchkey.gateway.yaml;

import java.util.List;

/** What YAML can say in such a file: text, lists and fields, each with its place. Nothing else is data. */
public sealed interface YamlNode {

    /** Where it begins. */
    Position position();

    /**
     * One value.
     *
     * @param isText whether it stays text; false for a number, a boolean and nothing
     */
    record Scalar(Position position, String value, boolean isText) implements YamlNode {}

    /** Values in order. */
    record Items(Position position, List<YamlNode> values) implements YamlNode {}

    /** Names and values in order, doubles too. */
    record Fields(Position position, List<Field> entries) implements YamlNode {

        /** Whether the name is there, whatever stands beside it. */
        public boolean has(String name) {
            return entries.stream().anyMatch(it -> it.name().equals(name));
        }
    }

    /** What was refused already; it is there, and nothing more need be said about it. */
    record Refused(Position position) implements YamlNode {}

    /**
     * A name and its value.
     *
     * @param inherited whether it stands in the defaults and not in the route
     */
    record Field(Position position, String name, YamlNode value, boolean inherited) {

        /** Written where it stands. */
        public Field(Position position, String name, YamlNode value) {
            this(position, name, value, false);
        }

        /** The same, from the defaults. */
        public Field asInherited() {
            return new Field(position, name, value, true);
        }
    }
}
