package dev.latchkey.gateway.routes.definition;

import java.util.List;
import java.util.function.Predicate;

/** What a route asks of a header's or a query parameter's values. */
public sealed interface ValueMatcher extends Predicate<List<String>> {

    /** One of them is this text, with regard to case. */
    record Exact(String wanted) implements ValueMatcher {
        @Override
        public boolean test(List<String> values) {
            return values.contains(wanted);
        }
    }

    /** One of them fits as a whole. */
    record Fits(Expression expression) implements ValueMatcher {
        @Override
        public boolean test(List<String> values) {
            return values.stream().anyMatch(expression::matches);
        }
    }

    /** There is one, whatever it says, or there is none. */
    record Present(boolean present) implements ValueMatcher {
        @Override
        public boolean test(List<String> values) {
            return values.isEmpty() != present;
        }
    }
}
