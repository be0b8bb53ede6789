package dev.latchkey.gateway.routes.definition.pattern;

import java.util.List;
import java.util.function.Predicate;

/** What a route requires of the values of a header or query parameter. */
public sealed interface ValueMatcher extends Predicate<List<String>> {

    /** One value is this text, case-sensitively. */
    record Exact(String wanted) implements ValueMatcher {
        @Override
        public boolean test(List<String> values) {
            return values.contains(wanted);
        }
    }

    /** One value matches as a whole. */
    record Fits(Expression expression) implements ValueMatcher {
        @Override
        public boolean test(List<String> values) {
            return expression.matchesAny(values);
        }
    }

    /** There is a value, whatever it is, or there is none. */
    record Present(boolean present) implements ValueMatcher {
        @Override
        public boolean test(List<String> values) {
            return values.isEmpty() != present;
        }
    }
}
