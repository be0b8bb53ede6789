package dev.latchkey.gateway.user;

/** What came of a change of a password. */
public sealed interface PasswordChange {

    /**
     * It is done, and all sessions of the user have ended.
     *
     * @param user with the new stamp
     */
    record Changed(User user) implements PasswordChange {}

    /** It is not, or not wholly. */
    enum Failed implements PasswordChange {
        /** The credentials are others than those that were confirmed, or the user is gone: nothing was changed. */
        OUTDATED,
        /** The new password is stored, and Redis did not answer: the sessions end as after a change from elsewhere. */
        STORED_ONLY,
        /** The store did not answer, or too many passwords are being hashed. */
        UNAVAILABLE
    }
}
