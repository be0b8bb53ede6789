package dev.latchkey.gateway.session;

import java.util.Optional;
import java.util.stream.Stream;

/** Why a session ended before its time; kept in its record as {@code revoked:<reason>}. */
public enum RevocationReason {
    SIGNED_OUT("signed-out"),
    SIGNED_OUT_EVERYWHERE("signed-out-everywhere"),
    ENDED_BY_OWNER("ended-by-owner"),
    SIGNED_IN_OVER("signed-in-over"),
    REUSED("reused"),
    USER_GONE("user-gone"),
    USER_DISABLED("user-disabled"),
    CREDENTIALS_CHANGED("credentials-changed"),
    /** The user changed their password here, in another session. */
    PASSWORD_CHANGED("password-changed"),
    TOO_MANY("too-many"),
    /** The sign-in that began it could not be finished, so that nobody has its tokens. */
    SIGN_IN_FAILED("sign-in-failed"),
    /** An operator ended it, or all sessions of its user. */
    ENDED_BY_OPERATOR("ended-by-operator"),
    /** An operator had the user erased. */
    USER_ERASED("user-erased"),
    /** Its OpenID Provider refused its refresh token, or has ended the user's session there. */
    UPSTREAM("upstream"),
    /** Its record could not be read: of another type, or with a broken field. */
    UNREADABLE("unreadable"),
    /** It had been revoked before, which Redis had lost. */
    RESTORED("restored");

    private final String word;

    RevocationReason(String word) {
        this.word = word;
    }

    /** The reason of this word, if it is one. */
    public static Optional<RevocationReason> of(String word) {
        return Stream.of(values()).filter(reason -> reason.word.equals(word)).findFirst();
    }

    /** As it stands in Redis and in audit events. */
    public String word() {
        return word;
    }
}
