package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.Subject;

/**
 * What a session starts with.
 *
 * @param credentialStamp changes when the user's password does; see {@link SessionView}
 */
public record NewSession(Subject subject, String credentialStamp, ClientFacts client) {}
