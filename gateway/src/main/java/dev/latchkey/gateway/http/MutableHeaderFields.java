package dev.latchkey.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Header fields that are being made. Names and values must be valid (RFC 9110 sections 5.1 and 5.5). */
public interface MutableHeaderFields extends HeaderFields {

    /** Adds a line. */
    void add(CharSequence name, String value);

    /** Replaces all lines of this name by one. */
    void set(CharSequence name, String value);

    void remove(String name);

    /** Removes the lines of which this holds, which is asked once or twice of each. */
    default void removeIf(BiPredicate<? super CharSequence, ? super String> isOver) {
        List<String> names = new ArrayList<>(1);
        forEach((name, value) -> {
            if (isOver.test(name, value)) {
                names.add(name.toString());
            }
        });
        for (int each = 0; each < names.size(); each++) {
            String name = names.get(each);
            List<String> values = all(name);
            remove(name);
            for (int line = 0; line < values.size(); line++) {
                if (!isOver.test(name, values.get(line))) {
                    add(name, values.get(line));
                }
            }
        }
    }
}
