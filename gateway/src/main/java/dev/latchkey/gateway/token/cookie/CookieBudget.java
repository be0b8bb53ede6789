package dev.latchkey.gateway.token.cookie;

import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;

/**
 * Whether a user's access token will fit a cookie: browsers silently drop a longer one (RFC 6265 section 6.1), and the
 * user would be signed out at once. Counts the largest token that can be made for them.
 */
public final class CookieBudget {

    /** Name, value and attributes together. */
    static final int LARGEST = 4096;

    private static final int ATTRIBUTES = "=; Path=/; Max-Age=0123456789; Secure; HttpOnly; SameSite=Strict".length();
    private static final int KEY_ID = 64;
    private static final int HEADER = "{'typ':'at+jwt','kid':'','alg':'HS256'}".length() + KEY_ID;

    /** The digits stand for the longest session id, token id, generation and times. */
    private static final int CLAIMS = ("{'iss':,'aud':[],'sub':,'sid':'0123456789012345678901','gen':2147483647,"
                    + "'jti':'0123456789012345','iat':01234567890,'exp':01234567890,'auth_time':01234567890.123,"
                    + "'roles':[],'device_bound':true}")
            .length();

    /** HMAC-SHA256 in base64url. */
    private static final int SIGNATURE = 43;

    private static final int ESCAPE = "\\u0123".length();

    /** In UTF-8. */
    private static final int FIRST_OF_TWO_BYTES = 0x80;

    private static final int FIRST_OF_THREE_BYTES = 0x800;

    private final int fixed;
    private final int issuer;

    public CookieBudget(Issuer issuer, CookieNames names) {
        this.issuer = json(issuer.value());
        this.fixed = names.access().length() + ATTRIBUTES + base64(HEADER) + 1 + 1 + SIGNATURE;
    }

    /** Whether the access cookie of a user of a users directory is one that browsers keep. */
    public boolean fits(Subject subject, Roles roles) {
        return fits(subject, roles, IdTokenClaims.NONE);
    }

    public boolean fits(Subject subject, Roles roles, IdTokenClaims provider) {
        return size(subject, roles, provider) <= LARGEST;
    }

    /** The length of the whole cookie. */
    int size(Subject subject, Roles roles, IdTokenClaims provider) {
        int names = roles.names().stream().mapToInt(name -> json(name) + 1).sum();
        return fixed + base64(CLAIMS + 2 * issuer + json(subject.value()) + names + size(provider));
    }

    private static int size(IdTokenClaims provider) {
        return provider.name().map(name -> ",'name':".length() + json(name)).orElse(0)
                + provider.email()
                        .map(email -> ",'email':".length() + json(email))
                        .orElse(0)
                + provider.authTime()
                        .map(time -> ",'idp_auth_time':01234567890".length())
                        .orElse(0)
                + provider.acr().map(acr -> ",'acr':".length() + json(acr)).orElse(0);
    }

    /** The bytes of a JSON string with its quotes, at most. */
    private static int json(String text) {
        return 2 + text.chars().map(CookieBudget::json).sum();
    }

    /** Control characters are escaped; both halves of a character beyond 16 bits take four bytes together. */
    private static int json(int character) {
        if (character < ' ') {
            return ESCAPE;
        }
        if (character < FIRST_OF_TWO_BYTES) {
            return "\"\\/".indexOf(character) < 0 ? 1 : 2;
        }
        return character < FIRST_OF_THREE_BYTES || Character.isSurrogate((char) character) ? 2 : 3;
    }

    private static int base64(int bytes) {
        return (bytes * 4 + 2) / 3;
    }
}
