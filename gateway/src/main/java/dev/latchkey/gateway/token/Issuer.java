package dev.latchkey.gateway.token;

/** Who signs the tokens: the {@code iss} claim (RFC 7519 section 4.1.1), always as configured, never from a token. */
public record Issuer(String value) {

    public Issuer {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an issuer is not blank");
        }
    }
}
