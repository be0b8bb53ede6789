package dev.latchkey.gateway.token;

/** The backend that an identity token is for: the {@code aud} claim (RFC 7519 section 4.1.3). */
public record Audience(String value) {

    public Audience {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an audience is not blank");
        }
    }
}
