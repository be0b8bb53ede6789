package dev.latchkey.gateway.pipeline.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthorizationDecisionTests {

    private static final Audience ORDERS = new Audience("orders");

    @ParameterizedTest(name = "{0} asking for [{1}], caller with [{2}]: {3}")
    @CsvSource(
            nullValues = "nobody",
            value = {
                "REQUIRED, '',      nobody,   sign-in",
                "REQUIRED, '',      '',       identified",
                "REQUIRED, a,       '',       forbidden",
                "REQUIRED, a,       b,        forbidden",
                "REQUIRED, a,       a b,      identified",
                "REQUIRED, a b,     b,        identified",
                "OPTIONAL, '',      nobody,   anonymous",
                "OPTIONAL, '',      a,        identified",
                "OPTIONAL, a,       b,        forbidden",
                "REQUIRED, +a +b,   a,        forbidden",
                "REQUIRED, +a +b,   a b,      identified",
                "REQUIRED, a b +c,  b,        forbidden",
                "REQUIRED, a b +c,  c,        forbidden",
                "REQUIRED, a b +c,  b c,      identified",
            })
    void decideWhenCallerMeetsRuleThen(AccessLevel access, String asked, String held, String decision) {
        AccessRule rule = new AccessRule(access, required(asked), Optional.of(ORDERS), AccessOptions.DEFAULT);
        AuthorizationDecision authorizationDecision =
                AuthorizationDecision.decide(rule, Optional.ofNullable(held).map(AuthorizationDecisionTests::caller));
        assertThat(authorizationDecision.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .isEqualTo(decision);
    }

    @Test
    void accessRuleWhenItContradictsItselfThenRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new AccessRule(AccessLevel.PUBLIC, required("a"), Optional.empty(), AccessOptions.DEFAULT));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AccessRule(
                        AccessLevel.PUBLIC,
                        RequiredRoles.NONE,
                        Optional.empty(),
                        new AccessOptions(true, Relay.NONE, Unauthenticated.PROBLEM, false)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AccessRule(
                        AccessLevel.REQUIRED, RequiredRoles.NONE, Optional.empty(), AccessOptions.DEFAULT));
    }

    /** Those after a plus are all required, of the others one. */
    private static RequiredRoles required(String names) {
        List<String> all =
                Arrays.stream(names.split(" ")).filter(name -> !name.isEmpty()).toList();
        return new RequiredRoles(
                Roles.of(all.stream().filter(name -> !name.startsWith("+")).toList()),
                Roles.of(all.stream()
                        .filter(name -> name.startsWith("+"))
                        .map(name -> name.substring(1))
                        .toList()));
    }

    private static Roles roles(String names) {
        return names.isEmpty() ? Roles.NONE : Roles.of(List.copyOf(Arrays.asList(names.split(" "))));
    }

    private static AccessClaims caller(String roles) {
        return TestClaims.access(
                new Subject("ada"),
                new SessionId("012345678901234567890A"),
                Generation.FIRST,
                new TokenId("abcdefghijklmnop"),
                TestClaims.times(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH),
                roles(roles));
    }
}
