package dev.latchkey.gateway.http;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The header fields of a message, in the order of their lines (RFC 9110 section 5). Names have no case. */
public interface HeaderFields {

    /** The value of the first line of this name. */
    @Nullable
    String first(String name);

    /** The values of all lines of this name, each as it stands; empty if there is none. A change is not seen in it. */
    List<String> all(String name);

    /** Whether there is more than one line of this name. */
    default boolean isRepeated(String name) {
        return all(name).size() > 1;
    }

    default boolean contains(String name) {
        return first(name) != null;
    }

    /** Gives name and value of each line, the name in the spelling of the sender; see {@link FieldNames}. */
    void forEach(BiConsumer<? super CharSequence, ? super String> line);
}
