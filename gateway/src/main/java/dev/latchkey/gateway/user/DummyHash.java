package dev.latchkey.gateway.user;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes hashes of nothing: whoever asks for a name that is not there waits as long as for one that is. */
final class DummyHash {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String USUAL_COST = PasswordHash.BCRYPT + "$2a$10$";

    private DummyHash() {}

    /** A random hash of this cost. */
    static PasswordHash of(String cost) {
        return PasswordHash.parse(
                cost.startsWith(PasswordHash.BCRYPT)
                        ? cost + bcrypt(21) + "." + bcrypt(31)
                        : cost + base64(16) + "$" + base64(32));
    }

    /** For a file without users. */
    static PasswordHash usual() {
        return of(USUAL_COST);
    }

    /** bcrypt's alphabet is base64's with another character in the place of '+'. */
    private static String bcrypt(int characters) {
        return base64(characters).replace('+', '.').substring(0, characters);
    }

    private static String base64(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getEncoder().withoutPadding().encodeToString(random);
    }
}
