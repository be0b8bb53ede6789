package dev.latchkey.gateway.yaml;

import java.util.List;

/** What such a file can hold: text, lists and fields, each with its position. */
public sealed interface YamlNode {

    /** Where it begins. */
    Position position();

    /**
     * One value.
     *
     * @param isText whether it is text; false for a number, a boolean and null
     */
    record Scalar(Position position, String value, boolean isText) implements YamlNode {}

    /** Values in order. */
    record Items(Position position, List<YamlNode> values) implements YamlNode {}

    /** Names and values in order, duplicates included. */
    record Fields(Position position, List<Field> entries) implements YamlNode {

        /** Whether there is a field of this name. */
        public boolean has(String name) {
            return entries.stream().anyMatch(field -> field.name().equals(name));
        }
    }

    /** A value that was already reported as wrong. */
    record Refused(Position position) implements YamlNode {}

    /**
     * A name and its value.
     *
     * @param inherited whether it comes from the defaults and not from the route
     */
    record Field(Position position, String name, YamlNode value, boolean inherited) {

        /** Not inherited. */
        public Field(Position position, String name, YamlNode value) {
            this(position, name, value, false);
        }

        /** This field, as one that comes from the defaults. */
        public Field asInherited() {
            return new Field(position, name, value, true);
        }
    }
}
