package dev.latchkey.gateway.routes;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator asked of a {@code routes} command.
 *
 * @param words in order, without options
 * @param json whether a program reads the answer
 * @param options the values of the others, by name
 */
record RoutesArguments(List<String> words, boolean json, Map<String, List<String>> options) {

    RoutesArguments {
        words = List.copyOf(words);
        options = Map.copyOf(options);
    }

    /**
     * Reads what was typed.
     *
     * @param known the options, each with a value, that the command takes beside {@code --json}
     * @throws IllegalArgumentException with a clause that says what is wrong
     */
    static RoutesArguments parse(List<String> arguments, Set<String> known) {
        List<String> words = new ArrayList<>();
        Map<String, List<String>> options = new LinkedHashMap<>();
        boolean json = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--json")) {
                json = true;
            } else if (known.contains(word) && rest.hasNext()) {
                options.computeIfAbsent(word, unused -> new ArrayList<>()).add(rest.next());
            } else if (word.startsWith("--")) {
                throw new IllegalArgumentException("unknown option " + word + ", or its value is missing");
            } else {
                words.add(word);
            }
        }
        return new RoutesArguments(words, json, options);
    }

    /** The words, if they are so many. */
    List<String> exactly(String... names) {
        if (words.size() != names.length) {
            throw new IllegalArgumentException("this takes " + String.join(" ", names));
        }
        return words;
    }

    /** All values of an option, in order. */
    List<String> all(String option) {
        return options.getOrDefault(option, List.of());
    }

    /** The value of an option that may stand there once. */
    Optional<String> one(String option) {
        if (all(option).size() > 1) {
            throw new IllegalArgumentException(option + " is there twice");
        }
        return all(option).stream().findFirst();
    }
}
