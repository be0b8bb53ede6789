package dev.latchkey.gateway.routes;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.springframework.http.HttpHeaders;

/**
 * What the operator asked of a {@code routes} command.
 *
 * @param words in order, without options
 * @param json whether a program reads the answer
 * @param headers of the request that is asked about
 */
record RoutesArguments(List<String> words, boolean json, HttpHeaders headers) {

    RoutesArguments {
        words = List.copyOf(words);
    }

    /** @throws IllegalArgumentException with a clause that says what is wrong */
    static RoutesArguments parse(List<String> arguments) {
        List<String> words = new ArrayList<>();
        HttpHeaders headers = new HttpHeaders();
        boolean json = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--json")) {
                json = true;
            } else if (word.equals("--header") && rest.hasNext()) {
                addHeader(rest.next(), headers);
            } else if (word.startsWith("--")) {
                throw new IllegalArgumentException("unknown option " + word + ", or its value is missing");
            } else {
                words.add(word);
            }
        }
        return new RoutesArguments(words, json, headers);
    }

    private static void addHeader(String text, HttpHeaders headers) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("--header must be like 'Name: value'");
        }
        headers.add(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
    }

    /** The words, if they are so many. */
    List<String> exactly(String... names) {
        if (words.size() != names.length || !(headers.isEmpty() || names.length == 3)) {
            throw new IllegalArgumentException("this takes " + String.join(" ", names));
        }
        return words;
    }
}
