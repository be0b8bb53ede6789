package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Whether somebody may enter a route, and as whom. */
public sealed interface AuthorizationDecision {

    /** One function for each way on. */
    <R> R fold(
            BiFunction<AccessClaims, Audience, R> identified,
            Supplier<R> anonymous,
            Supplier<R> signIn,
            Supplier<R> forbidden);

    /** Judges a caller, or nobody, by the rule of a route that is not public. */
    static AuthorizationDecision decide(AccessRule rule, Optional<AccessClaims> caller) {
        if (caller.isEmpty()) {
            return rule.access() == AccessLevel.REQUIRED ? new SignIn() : new Anonymous();
        }
        AccessClaims claims = caller.get();
        if (!rule.roles().areHeldBy(claims.roles())) {
            return new Forbidden();
        }
        return rule.audience()
                .<AuthorizationDecision>map(it -> new Identified(claims, it))
                .orElseGet(Anonymous::new);
    }

    /** Enters under his name. */
    record Identified(AccessClaims caller, Audience audience) implements AuthorizationDecision {
        @Override
        public <R> R fold(
                BiFunction<AccessClaims, Audience, R> identified,
                Supplier<R> anonymous,
                Supplier<R> signIn,
                Supplier<R> forbidden) {
            return identified.apply(caller, audience);
        }
    }

    /** Enters without a name. */
    record Anonymous() implements AuthorizationDecision {
        @Override
        public <R> R fold(
                BiFunction<AccessClaims, Audience, R> identified,
                Supplier<R> anonymous,
                Supplier<R> signIn,
                Supplier<R> forbidden) {
            return anonymous.get();
        }
    }

    /** Has to sign in first. */
    record SignIn() implements AuthorizationDecision {
        @Override
        public <R> R fold(
                BiFunction<AccessClaims, Audience, R> identified,
                Supplier<R> anonymous,
                Supplier<R> signIn,
                Supplier<R> forbidden) {
            return signIn.get();
        }
    }

    /** Is known, and lacks a role that the route asks for. */
    record Forbidden() implements AuthorizationDecision {
        @Override
        public <R> R fold(
                BiFunction<AccessClaims, Audience, R> identified,
                Supplier<R> anonymous,
                Supplier<R> signIn,
                Supplier<R> forbidden) {
            return forbidden.get();
        }
    }
}
