package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.routes.definition.ExpressionParser.UnknownConstruct;
import dev.latchkey.gateway.routes.definition.ExpressionPart.Chars;
import dev.latchkey.gateway.routes.definition.ExpressionPart.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Whether comparing a text with an expression takes time in proportion to the text. The platform's matcher goes back
 * and tries again wherever it could have gone on in two ways, and a client who chooses the text could make that take
 * for ever. So at most one such place is allowed, after which nothing may repeat but a {@code .*} at the end, and what
 * repeats must be a single character or class.
 */
public final class ExpressionCheck {

    private static final int LONGEST = 256;
    private static final int MOST_OF_GROUP = 16;

    private int places;
    private CharSet next = CharSet.NONE;
    private boolean repeatsLater;
    private Optional<String> flaw = Optional.empty();

    /** What is wrong with the expression, to continue a sentence about it. */
    public static Optional<String> flaw(String expression) {
        if (expression.length() > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " characters");
        }
        try {
            List<List<ExpressionPart>> branches = ExpressionParser.parse(expression);
            Pattern.compile(expression);
            ExpressionCheck check = new ExpressionCheck();
            check.choice(new Choice(branches, 1, 1), true);
            return check.flaw;
        } catch (UnknownConstruct e) {
            return Optional.ofNullable(e.getMessage());
        } catch (PatternSyntaxException e) {
            return Optional.of("is no regular expression");
        }
    }

    /** From the end to the beginning, so that what may follow is known. */
    private void sequence(List<ExpressionPart> parts, boolean isLast) {
        for (int number = parts.size() - 1; number >= 0; number--) {
            boolean ends = isLast && number == parts.size() - 1;
            if (parts.get(number) instanceof Chars chars) {
                chars(chars, ends);
            } else if (parts.get(number) instanceof Choice choice) {
                choice(choice, ends);
            }
        }
    }

    private void chars(Chars chars, boolean ends) {
        if (chars.varies() && chars.set().meets(next)) {
            twoWays();
        }
        boolean alwaysEnds = ends && chars.set().equals(CharSet.ANY) && chars.most() == ExpressionPart.ENDLESS;
        repeatsLater |= chars.varies() && !alwaysEnds;
        next = chars.least() == 0 ? chars.set().or(next) : chars.set();
    }

    private void choice(Choice choice, boolean ends) {
        boolean repeats = choice.most() > 1;
        if (repeats && (choice.most() > MOST_OF_GROUP || choice.branches().size() > 1 || isVariable(choice))) {
            refuse("may not repeat a group that varies, has alternatives, or may come more than 16 times");
        }
        CharSet after = next;
        boolean repeatedLater = repeatsLater;
        List<CharSet> firsts = new ArrayList<>();
        for (List<ExpressionPart> branch : choice.branches()) {
            next = after;
            repeatsLater = repeatedLater;
            sequence(branch, ends && !repeats);
            firsts.add(next);
        }
        repeatsLater = repeatedLater || choice.varies() || isVariable(choice);
        next = firsts.stream().reduce(CharSet.NONE, CharSet::or);
        if (choice.varies() && next.meets(after)) {
            twoWays();
        }
        if (meet(firsts) && !differ(choice)) {
            twoWays();
        }
        next = choice.least() == 0 ? next.or(after) : next;
    }

    private void twoWays() {
        places++;
        if (places > 1 || repeatsLater) {
            refuse("could take very long: it can divide a text in too many ways");
        }
    }

    private void refuse(String reason) {
        flaw = flaw.or(() -> Optional.of(reason));
    }

    private static boolean isVariable(Choice choice) {
        return choice.branches().stream()
                .flatMap(List::stream)
                .anyMatch(it -> it.varies() || (it instanceof Choice inner && isVariable(inner)));
    }

    private static boolean meet(List<CharSet> firsts) {
        CharSet seen = CharSet.NONE;
        for (CharSet first : firsts) {
            if (first.meets(seen)) {
                return true;
            }
            seen = seen.or(first);
        }
        return false;
    }

    /**
     * Whether at every text at most one of the branches fits: each begins with single characters that tell them apart.
     */
    private static boolean differ(Choice choice) {
        for (int one = 0; one < choice.branches().size(); one++) {
            for (int other = 0; other < one; other++) {
                if (!differ(choice.branches().get(one), choice.branches().get(other))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean differ(List<ExpressionPart> one, List<ExpressionPart> other) {
        for (int at = 0; at < Math.min(one.size(), other.size()); at++) {
            boolean areSingle = one.get(at) instanceof Chars first
                    && other.get(at) instanceof Chars second
                    && first.isOne()
                    && second.isOne();
            if (!areSingle) {
                return false;
            }
            if (!((Chars) one.get(at)).set().meets(((Chars) other.get(at)).set())) {
                return true;
            }
        }
        return false;
    }
}
