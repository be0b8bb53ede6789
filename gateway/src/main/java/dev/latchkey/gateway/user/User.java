package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;

/**
 * A user who may sign in.
 *
 * @param credentialStamp a short hash that changes with the password hash, never the hash itself
 */
public record User(Subject subject, Roles roles, String credentialStamp) {}
