package dev.latchkey.gateway.signin.changes;

import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserSnapshot;
import dev.latchkey.gateway.user.store.StoredUser;
import java.util.Optional;

/**
 * What a directory says of one user.
 *
 * @param stamp of their credentials, or empty if they may not sign in
 * @param reason why sessions with another stamp end
 */
record UserState(String stamp, RevocationReason reason, Roles roles) {

    private static final UserState GONE = new UserState("", RevocationReason.USER_GONE, Roles.NONE);
    private static final UserState DISABLED = new UserState("", RevocationReason.USER_DISABLED, Roles.NONE);

    static UserState of(UserSnapshot users, Subject subject) {
        User user = users.active().get(subject);
        if (user != null) {
            return of(user);
        }
        return users.disabled().contains(subject) ? DISABLED : GONE;
    }

    /** @param user as a store has it; empty if it does not know them */
    static UserState of(Optional<StoredUser> user) {
        return user.map(known -> known.disabled() ? DISABLED : of(known)).orElse(GONE);
    }

    private static UserState of(StoredUser known) {
        return known.isOwnChoice() ? ofOwnChoice(known.user()) : of(known.user());
    }

    /** What the directory says of a user who has just chosen their password. */
    static UserState ofOwnChoice(User user) {
        return new UserState(user.credentialStamp(), RevocationReason.PASSWORD_CHANGED, user.roles());
    }

    private static UserState of(User user) {
        return new UserState(user.credentialStamp(), RevocationReason.CREDENTIALS_CHANGED, user.roles());
    }

    boolean isGone() {
        return reason == RevocationReason.USER_GONE;
    }

    boolean isThatOf(UserRecord record) {
        return stamp.equals(record.stamp())
                && roles.equals(record.roles())
                && (record.mayEnter() || reason.word().equals(record.reason()));
    }
}
