package dev.latchkey.gateway.pipeline.authorization;

/**
 * How a route's rule is carried out.
 *
 * @param strict whether the session is read in Redis at every request, and not only this node's denylist
 * @param relay how the backend is told who is calling
 * @param unauthenticated what a navigation gets without a user
 * @param ambiguousPaths whether paths pass that servers read in more than one way
 */
public record AccessOptions(boolean strict, Relay relay, Unauthenticated unauthenticated, boolean ambiguousPaths) {

    /** What holds where nothing is written. */
    public static final AccessOptions USUAL = new AccessOptions(false, Relay.IDENTITY, Unauthenticated.SIGN_IN, false);
}
