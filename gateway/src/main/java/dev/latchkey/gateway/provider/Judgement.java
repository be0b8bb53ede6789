package dev.latchkey.gateway.provider;

import java.util.function.Function;
import java.util.function.Supplier;

/** What an ID token is worth. */
public sealed interface Judgement {

    default <R> R fold(
            Function<ProviderUser, R> good,
            Function<Insufficient, R> insufficient,
            Function<Forged, R> forged,
            Supplier<R> keysAway) {
        if (this instanceof Good token) {
            return good.apply(token.user);
        }
        if (this instanceof Insufficient token) {
            return insufficient.apply(token);
        }
        return this instanceof Forged token ? forged.apply(token) : keysAway.get();
    }

    /** It is the provider's, for this gateway, and says all that was asked for. */
    record Good(ProviderUser user) implements Judgement {}

    /**
     * It is the provider's, but does not say what is needed: the sign-in is too old or too weak, or claims are missing.
     *
     * @param why a sentence without personal data
     */
    record Insufficient(String why) implements Judgement {}

    /**
     * It is not the provider's, or not meant for this gateway, this user or this attempt.
     *
     * @param why a sentence without personal data
     */
    record Forged(String why) implements Judgement {}

    /** The provider's keys, or claims that it adds to its tokens, are not to be had now, so nobody can say. */
    record KeysAway() implements Judgement {}
}
