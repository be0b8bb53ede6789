package dev.latchkey.gateway.http.spring;

import dev.latchkey.gateway.http.MutableHeaderFields;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The headers of a message of Spring's. Spring keeps the lines of one name together, so that their order among other
 * names is lost; where it names them once in each spelling, it gives all of them each time.
 */
public record SpringHeaderFields(HttpHeaders headers) implements MutableHeaderFields {

    @Override
    public @Nullable String first(String name) {
        return headers.getFirst(name);
    }

    @Override
    public List<String> all(String name) {
        return List.copyOf(headers.getOrEmpty(name));
    }

    @Override
    public boolean contains(String name) {
        return headers.containsHeader(name);
    }

    @Override
    public void forEach(BiConsumer<? super CharSequence, ? super String> line) {
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> {
            if (seen.add(name)) {
                values.forEach(value -> line.accept(name, value));
            }
        });
    }

    @Override
    public void add(CharSequence name, String value) {
        headers.add(name.toString(), value);
    }

    @Override
    public void set(CharSequence name, String value) {
        headers.set(name.toString(), value);
    }

    @Override
    public void remove(String name) {
        headers.remove(name);
    }
}
