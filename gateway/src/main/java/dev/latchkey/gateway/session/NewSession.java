package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;

/**
 * What a session starts with.
 *
 * @param credentialStamp changes when the user's password does; see {@link SessionView}
 */
public record NewSession(Subject subject, Roles roles, String credentialStamp, ClientFacts client) {}
