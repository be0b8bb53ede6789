package dev.latchkey.gateway.routes.definition.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.routes.definition.pattern.Expression;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathTemplateTests {

    private static PathTemplate template(String matches, String to) {
        Expression expression = new Expression(matches);
        return new PathTemplate(expression, Template.parse(to, expression.groups()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/old/(.*)            | /new/$1        | /old/a/b          | /new/a/b",
                "/old/(.*)            | /new/$1        | /old/             | /new/",
                "/old/(.*)            | /new/$1        | /old              | /old",
                "/old/(.*)            | /new/$1        | /older/a          | /older/a",
                "/old/(.*)            | /new/$1        | /x/old/a          | /x/old/a",
                "/old/(.*)            | /new/$1        | /%6Fld/a          | /new/a",
                "/old/(.*)            | /new/$1        | /old/%C3%A9%20%2B | /new/%C3%A9%20%2B",
                "/old/(.*)            | /new/$1        | /old/%7e%2D       | /new/~-",
                "/(a)?(b)             | /x$1$2         | /b                | /xb",
                "/([^/]+)/([^/]+)     | /$2/$1         | /a/b              | /b/a",
                "/(.*)                | /$$$1$$        | /a                | /$a$",
                "/old(/.*)?           | /new$1         | /old              | /new",
                "/old(/.*)?           | /new$1         | /old/a            | /new/a",
            })
    void pathWhenRewrittenThenMadeOfItsGroups(String matches, String to, String path, String made) {
        assertThat(template(matches, to).applied(path)).contains(made);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a(.*)        | /$1           | /a/b          | two slashes",
                "/a/(.*)/(.*)  | /$1/$2/x      | /a//b         | an empty segment",
                "/a/(.)(.*)    | /$1$1/x       | /a/.b         | a dot segment",
                "/a/(.*)%(.*)  | /b/$1%5$2     | /a/x%C3%A9    | half an encoding",
                "/a/(.)(.)     | /b/%2$1       | /a/Fx         | an encoded slash",
                "/a/(..).*     | /b/$1         | /a/%20        | half an encoding",
                "/a/(.*)       | /b/$1%c0      | /a/x          | no UTF-8",
                "/a/(.*)       | /b%0$1        | /a/d          | a control character",
            })
    void pathWhenRewritingWouldMakeItLessClearThenNone(String matches, String to, String path, String why) {
        assertThat(template(matches, to).applied(path)).as(why).isEmpty();
    }

    @Test
    void pathWhenAlreadyAmbiguousThenOnlyDotSegmentsAndControlsAreRefused() {
        PathTemplate template = template("/a/(.*)", "/b/$1");

        assertThat(template.applied("/a/x%2Fy")).contains("/b/x%2Fy");
        assertThat(template.applied("/a//x;v=1")).contains("/b//x;v=1");
        assertThat(template("/a/(.*)x(.*)", "/$1.$2").applied("/a/x.%2F")).isEmpty();
    }

    @Test
    void pathWhenTooLongForTheExpressionThenNone() {
        PathTemplate template = template("/(a*)(b*)(c*)(.*)", "/$4");
        String longest = "/" + "d".repeat(4096 / 5 - 1);

        assertThat(template.applied(longest)).contains(longest);
        assertThat(template.applied("/" + "d".repeat(4096))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a$", "/$x", "/$0", "/$2", "/$10$3", "$1$"})
    void templateWhenItNamesNoGroupThenRejected(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Template.parse(text, 1));
    }

    @Test
    void rewriteWhenByAnExpressionThenNoPrefixIsStripped() {
        assertThat(PathRewrite.by(template("/a/(.*)", "/$1")).prefix("/a/b")).isEmpty();
        assertThat(PathRewrite.to("/x").prefix("/a/b")).isEmpty();
        assertThat(PathRewrite.to("/x").applied("/a/b")).isEqualTo(Optional.of("/x"));
    }
}
