package dev.latchkey.gateway.http.netty;

import dev.latchkey.gateway.http.MutableHeaderFields;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The headers of a message of Netty's; nothing is copied. */
public record NettyHeaderFields(HttpHeaders headers) implements MutableHeaderFields {

    @Override
    public @Nullable String first(String name) {
        return headers.get(name);
    }

    /** The iterator has its own order, and costs less than a list. Mostly there is one value, or none. */
    @Override
    public List<String> all(String name) {
        if (!headers.contains(name)) {
            return List.of();
        }
        Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
        CharSequence first = values.next();
        return values.hasNext() ? headers.getAll(name) : List.of(first.toString());
    }

    @Override
    public boolean isRepeated(String name) {
        Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
        boolean hasOne = values.hasNext();
        if (hasOne) {
            values.next();
        }
        return hasOne && values.hasNext();
    }

    @Override
    public boolean contains(String name) {
        return headers.contains(name);
    }

    @Override
    public void forEach(BiConsumer<? super CharSequence, ? super String> line) {
        Iterator<Map.Entry<CharSequence, CharSequence>> lines = headers.iteratorCharSequence();
        while (lines.hasNext()) {
            Map.Entry<CharSequence, CharSequence> next = lines.next();
            line.accept(next.getKey(), next.getValue().toString());
        }
    }

    @Override
    public void add(CharSequence name, String value) {
        headers.add(name, value);
    }

    @Override
    public void set(CharSequence name, String value) {
        headers.set(name, value);
    }

    @Override
    public void remove(String name) {
        headers.remove(name);
    }
}
