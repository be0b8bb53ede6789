package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.pipeline.rotation.SessionEndReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the sign-in page says and offers.
 *
 * @param returnPath where it leads to after a password
 * @param attempt under which the return path is kept, for a choice that is made after a wrong password
 * @param notice a sentence for the user
 * @param error why the last attempt was rejected
 * @param withPassword whether names and passwords are accepted
 * @param choices the OpenID Providers to sign in with
 */
public record SignInPage(
        String returnPath,
        Optional<String> attempt,
        Optional<String> notice,
        Optional<String> error,
        boolean withPassword,
        List<Choice> choices) {

    private static final String PATH_LOST = "The page that you wanted could not be remembered. After signing in you get"
            + " to the start page; follow your link once more from there.";

    private static final Map<String, String> ENDS = Map.of(
            SessionEndReason.EXPIRED.word(), "Your session has expired. Sign in again to go on.",
            SessionEndReason.ENDED_ELSEWHERE.word(), "You were signed out elsewhere. Sign in again to go on.",
            SessionEndReason.REPLACED.word(), "You have signed in elsewhere, which ended your session here.",
            SessionEndReason.REVOKED.word(), "Your session was ended. Sign in again to go on.");

    /** @param isLost whether the user wanted to go elsewhere than the return path leads */
    static Optional<String> notice(boolean isLost) {
        return isLost ? Optional.of(PATH_LOST) : Optional.empty();
    }

    /** Says why a session has ended, by the word that programs are told. */
    static Optional<String> ofEnd(String reason) {
        return Optional.ofNullable(ENDS.get(reason));
    }

    /**
     * One provider.
     *
     * @param label what its users call it
     * @param address of the endpoint that leads to it, relative to the page
     */
    public record Choice(String label, String address) {}
}
