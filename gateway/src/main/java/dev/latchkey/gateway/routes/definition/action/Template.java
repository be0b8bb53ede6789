package dev.latchkey.gateway.routes.definition.action;

import dev.latchkey.gateway.routes.definition.pattern.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Text in which {@code $1} to {@code $9} stand for what the groups of an {@link Expression} matched, and {@code $$} for
 * a dollar sign.
 */
public final class Template {

    private static final char SIGN = '$';

    private final String text;
    private final List<Part> parts;

    private Template(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /**
     * Parses a template.
     *
     * @param groups how many the expression has
     * @throws IllegalArgumentException with a clause that continues a sentence about the text
     */
    public static Template parse(String text, int groups) {
        List<Part> parts = new ArrayList<>();
        int literal = 0;
        for (int at = text.indexOf(SIGN); at >= 0; at = text.indexOf(SIGN, literal)) {
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            Assert.isTrue(
                    next == SIGN || (next >= '1' && next <= '9'),
                    "has a '$' that begins no group; write $1 to $9, or $$ for a dollar sign");
            Assert.isTrue(next == SIGN || next - '0' <= groups, "names the group $" + next + ", which does not exist");
            parts.add(new Part(text.substring(literal, next == SIGN ? at + 1 : at), next == SIGN ? 0 : next - '0'));
            literal = at + 2;
        }
        parts.add(new Part(text.substring(literal), 0));
        return new Template(text, List.copyOf(parts));
    }

    /** The text with these groups, of which the first is {@code $1}. */
    String filled(List<String> groups, UnaryOperator<String> encoding) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            filled.append(part.literal);
            if (part.group > 0) {
                filled.append(encoding.apply(groups.get(part.group - 1)));
            }
        }
        return filled.toString();
    }

    /** The text with one and the same value for every group. */
    public String filled(String value) {
        StringBuilder filled = new StringBuilder();
        parts.forEach(part -> filled.append(part.literal).append(part.group > 0 ? value : ""));
        return filled.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Template template && text.equals(template.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As the file has it. */
    @Override
    public String toString() {
        return text;
    }

    /**
     * Some text and a group after it.
     *
     * @param group 0: none
     */
    private record Part(String literal, int group) {}
}
