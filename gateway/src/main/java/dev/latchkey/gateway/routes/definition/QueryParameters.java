package dev.latchkey.gateway.routes.definition;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query, as forms write them (the URL standard's {@code application/x-www-form-urlencoded}). What
 * has no name is no parameter.
 */
final class QueryParameters {

    private QueryParameters() {}

    /**
     * The values of all parameters of this name, decoded; empty text for one without a value.
     *
     * @param query well-formed and still encoded
     */
    static List<String> values(@Nullable String query, String name) {
        List<String> values = new ArrayList<>(0);
        int from = 0;
        while (query != null && from < query.length()) {
            int ampersand = query.indexOf('&', from);
            int end = ampersand < 0 ? query.length() : ampersand;
            add(query, from, end, name, values);
            from = end + 1;
        }
        return values;
    }

    private static void add(String query, int from, int end, String name, List<String> values) {
        int start = from;
        while (start < end && query.charAt(start) == '=') {
            start++;
        }
        int equals = query.indexOf('=', start);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        if (start < nameEnd && decoded(query.substring(start, nameEnd)).equals(name)) {
            values.add(nameEnd == end ? "" : decoded(query.substring(nameEnd + 1, end)));
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
