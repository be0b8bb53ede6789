package dev.latchkey.gateway.routes.definition;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A regular expression that was found to be quick to compare with; equal by its text, as the platform's are not. */
public final class SafeExpression {

    private final Pattern pattern;

    /** Of an expression in which {@link ExpressionCheck} found no flaw. */
    public SafeExpression(String expression) {
        this.pattern = Pattern.compile(expression, Pattern.DOTALL);
    }

    boolean fits(String text) {
        return pattern.matcher(text).matches();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SafeExpression expression && pattern.pattern().equals(expression.pattern.pattern());
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
