package dev.latchkey.gateway.pipeline.authorization;

import java.util.List;
import java.util.Optional;

/**
 * How a route's rule is applied.
 *
 * @param strict whether the session is read in Redis for each request, and not only this node's denylist
 * @param relay how the backend learns who is calling
 * @param unauthenticated what a navigation gets without a user
 * @param ambiguousPaths whether paths are allowed that servers read in more than one way
 * @param requiredSignIn how users must have signed in
 * @param device whether their sessions must be bound to a device, or to a client's key
 * @param dpop whether they must be bound to a client's key (RFC 9449); where they must, nobody is led to sign in, as no
 *     browser has such a session
 */
public record AccessOptions(
        boolean strict,
        Relay relay,
        Unauthenticated unauthenticated,
        boolean ambiguousPaths,
        RequiredSignIn requiredSignIn,
        BindingRequirement device,
        BindingRequirement dpop) {

    public static final AccessOptions DEFAULT =
            new AccessOptions(false, Relay.IDENTITY, Unauthenticated.SIGN_IN, false);

    /** Options of a route that takes every sign-in, bound to a key or not. */
    public AccessOptions(boolean strict, Relay relay, Unauthenticated unauthenticated, boolean ambiguousPaths) {
        this(
                strict,
                relay,
                unauthenticated,
                ambiguousPaths,
                RequiredSignIn.NONE,
                BindingRequirement.ANY,
                BindingRequirement.ANY);
    }

    /** Whether only clients enter that prove a key of their own. */
    public boolean isDpopRequired() {
        return dpop == BindingRequirement.REQUIRED;
    }

    /** These options, but users need not have signed in lately, nor in a certain way. */
    public AccessOptions withAnySignIn() {
        RequiredSignIn any = new RequiredSignIn(requiredSignIn.provider(), Optional.empty(), List.of());
        return new AccessOptions(strict, relay, unauthenticated, ambiguousPaths, any, device, dpop);
    }

    public AccessOptions with(Relay other) {
        return new AccessOptions(strict, other, unauthenticated, ambiguousPaths, requiredSignIn, device, dpop);
    }
}
