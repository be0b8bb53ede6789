package dev.latchkey.gateway.session;

/**
 * What the "your sessions" page shows of a client, so that its owner knows it again.
 *
 * @param userAgent at most 40 characters are kept, for example {@code Firefox on Linux}
 * @param address the client's address at sign-in
 */
public record ClientFacts(String userAgent, String address) {}
