package dev.latchkey.gateway.pipeline.authorization;

/** What a person gets who navigates to a route without being signed in; programs always get the problem. */
public enum Unauthenticated {
    /** The sign-in page, which leads back. */
    SIGN_IN,
    PROBLEM
}
