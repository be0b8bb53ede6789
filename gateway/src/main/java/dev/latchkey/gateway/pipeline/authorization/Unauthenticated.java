package dev.latchkey.gateway.pipeline.authorization;

/** What a person gets who navigates to a route without being signed in; programs get the problem in any case. */
public enum Unauthenticated {
    /** The sign-in page, and then the way back. */
    SIGN_IN,
    /** The problem document. */
    PROBLEM
}
