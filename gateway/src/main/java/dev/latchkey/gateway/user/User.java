package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import java.util.Optional;

/**
 * A user who may sign in.
 *
 * @param credentialStamp the version of the user's credentials: another one ends their sessions. For a file it is a
 *     short hash of the password hash; a directory that rehashes a password by itself keeps the version
 * @param name for people to read
 * @param email for people to read; nothing is ever decided by it
 */
public record User(
        Subject subject, Roles roles, String credentialStamp, Optional<String> name, Optional<String> email) {

    /** One of whom neither name nor address is known. */
    public User(Subject subject, Roles roles, String credentialStamp) {
        this(subject, roles, credentialStamp, Optional.empty(), Optional.empty());
    }

    /** The same with another's name and address. */
    public User withProfileOf(User other) {
        return new User(subject, roles, credentialStamp, other.name, other.email);
    }

    /** The same with other credentials. */
    public User withStamp(String stamp) {
        return new User(subject, roles, stamp, name, email);
    }

    /** What the tokens say of them besides. */
    public IdTokenClaims claims() {
        return name.isEmpty() && email.isEmpty()
                ? IdTokenClaims.NONE
                : new IdTokenClaims(name, email, Optional.empty(), Optional.empty());
    }

    /** Hides who it is, because logs must not become a list of users. */
    @Override
    public String toString() {
        return "User[hidden]";
    }
}
