package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;

/**
 * A user who may sign in.
 *
 * @param credentialStamp the version of the user's credentials: another one ends their sessions. For a file it is a
 *     short hash of the password hash; a directory that rehashes a password by itself keeps the version
 */
public record User(Subject subject, Roles roles, String credentialStamp) {}
