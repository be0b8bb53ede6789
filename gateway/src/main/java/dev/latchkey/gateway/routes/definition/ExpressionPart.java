package dev.latchkey.gateway.routes.definition;

import java.util.List;

/** A part of a parsed expression. */
sealed interface ExpressionPart {

    int ENDLESS = Integer.MAX_VALUE;

    /** How often at least. */
    int least();

    /** How often at most, or {@link #ENDLESS}. */
    int most();

    /** Whether it may take more or less of a text. */
    default boolean varies() {
        return least() != most();
    }

    /** One character, so many times. */
    record Chars(CharSet set, int least, int most) implements ExpressionPart {

        boolean isOne() {
            return least == 1 && most == 1;
        }
    }

    /** One of several sequences, so many times. */
    record Choice(List<List<ExpressionPart>> branches, int least, int most) implements ExpressionPart {}
}
