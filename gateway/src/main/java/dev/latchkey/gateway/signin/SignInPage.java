package dev.latchkey.gateway.signin;

import java.util.List;
import java.util.Optional;

/**
 * What the sign-in page says and offers.
 *
 * @param returnPath where it leads to after a password
 * @param notice a sentence for the user
 * @param error why the last attempt was rejected
 * @param withPassword whether names and passwords are accepted
 * @param choices the OpenID Providers to sign in with
 */
public record SignInPage(
        String returnPath,
        Optional<String> notice,
        Optional<String> error,
        boolean withPassword,
        List<Choice> choices) {

    private static final String PATH_LOST = "The page that you wanted could not be remembered. After signing in you get"
            + " to the start page; follow your link once more from there.";

    /** @param isLost whether the user wanted to go elsewhere than the return path leads */
    static Optional<String> notice(boolean isLost) {
        return isLost ? Optional.of(PATH_LOST) : Optional.empty();
    }

    /**
     * One provider.
     *
     * @param label what its users call it
     * @param address of the endpoint that leads to it, relative to the page
     */
    public record Choice(String label, String address) {}
}
