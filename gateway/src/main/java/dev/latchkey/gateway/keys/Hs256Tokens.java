package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.HmacSha256;
import dev.latchkey.gateway.keys.Verification.InvalidTokenReason;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.SessionClaims;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs and verifies one kind of HS256 token (RFC 7515 section 7.1, RFC 8725), which only the gateway reads. Each
 * rotation signs two and verifies one, so no library stands between a token and its MAC: see decision 0014.
 *
 * @param <C> the claims of this kind of token
 */
final class Hs256Tokens<C extends SessionClaims> {

    /**
     * The {@code typ} of access tokens (RFC 9068 section 2.1), so that none passes for another kind (RFC 8725, 3.11).
     */
    static final String ACCESS = "at+jwt";

    /** The {@code typ} of refresh tokens. */
    static final String REFRESH = "rt+jwt";

    /**
     * Before the {@code typ} of a token that is bound to a key: a node of a version that knows nothing of that would
     * take it from any bearer, and refuses it so.
     */
    static final String BOUND = "dpop-";

    /** Far longer than any token of the gateway. */
    static final int LONGEST = 8 * 1024;

    private static final String ALGORITHM = "HS256";
    private static final int USUAL_BYTES = 512;

    /**
     * Of the header. Any other would say something that is not looked at here, such as {@code crit} and {@code zip}.
     */
    private static final Set<String> PARAMETERS = Set.of("typ", "kid", "alg");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Made ready here: the mapper would look for what it needs at its first call, under a lock. */
    private static final ObjectReader OBJECTS = JSON.readerFor(new TypeReference<Map<String, Object>>() {});

    private final String type;
    private final String boundType;
    private final Supplier<KeySchedule<SecretKey>> keys;
    private final Issuer issuer;
    private final InstantSource clock;
    private final Function<TokenClaims, C> claims;

    /** @param claims reads the claims of a token whose signature, type, issuer and audience are verified */
    Hs256Tokens(
            String type,
            Supplier<KeySchedule<SecretKey>> keys,
            Issuer issuer,
            InstantSource clock,
            Function<TokenClaims, C> claims) {
        this.type = type;
        this.boundType = BOUND + type;
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
        this.claims = claims;
    }

    /** @param more writes what only this kind of token says */
    String sign(C content, Consumer<JsonGenerator> more) {
        TimedKey<SecretKey> key = keys.get().signing(clock);
        String header = encoded(
                json -> json.writeStringProperty("typ", content.boundTo().isPresent() ? boundType : type)
                        .writeStringProperty("kid", key.id())
                        .writeStringProperty("alg", ALGORITHM));
        String payload = encoded(json -> {
            TokenClaims.write(content, issuer, json);
            more.accept(json);
        });
        String signed = header + "." + payload;
        return signed + "." + mac(key.key(), signed);
    }

    private static String encoded(Consumer<JsonGenerator> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            content.accept(json);
            json.writeEndObject();
        }
        return Base64Url.encode(bytes.toByteArray());
    }

    private static String mac(SecretKey key, String signed) {
        return Base64Url.encode(HmacSha256.of(key, ascii(signed)));
    }

    /** What is not ASCII becomes question marks, which no token has. */
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Verification<C> verify(String token) {
        int first = token.indexOf('.');
        int last = token.lastIndexOf('.');
        boolean hasThreeParts = first > 0 && token.indexOf('.', first + 1) == last && last < token.length() - 1;
        Map<String, Object> header =
                hasThreeParts && token.length() <= LONGEST ? decoded(token.substring(0, first)) : null;
        if (header == null) {
            return invalid(InvalidTokenReason.MALFORMED);
        }
        InvalidTokenReason objection = objection(header);
        return objection == null ? verify(token, first, last, header) : invalid(objection);
    }

    /** What no signature could make acceptable. */
    private @Nullable InvalidTokenReason objection(Map<String, Object> header) {
        Object algorithm = header.get("alg");
        if (!(algorithm instanceof String name) || name.equalsIgnoreCase("none")) {
            return InvalidTokenReason.MALFORMED;
        }
        if (!ALGORITHM.equals(name)) {
            return InvalidTokenReason.FOREIGN_KEY;
        }
        if (!type.equals(header.get("typ")) && !boundType.equals(header.get("typ"))) {
            return InvalidTokenReason.TYPE;
        }
        return PARAMETERS.containsAll(header.keySet()) ? null : InvalidTokenReason.MALFORMED;
    }

    private Verification<C> verify(String token, int first, int last, Map<String, Object> header) {
        if (!(header.getOrDefault("kid", "") instanceof String id)) {
            return invalid(InvalidTokenReason.MALFORMED);
        }
        Optional<SecretKey> key = keys.get().verifying(id, clock.instant());
        if (key.isEmpty()) {
            return invalid(InvalidTokenReason.FOREIGN_KEY);
        }
        String expected = mac(key.get(), token.substring(0, last));
        if (!MessageDigest.isEqual(ascii(expected), ascii(token.substring(last + 1)))) {
            return invalid(InvalidTokenReason.SIGNATURE);
        }
        Map<String, Object> payload = decoded(token.substring(first + 1, last));
        return payload == null
                ? invalid(InvalidTokenReason.MALFORMED)
                : believe(payload, boundType.equals(header.get("typ")));
    }

    /** Null for anything but one JSON object, with each name once (RFC 7515 section 4, RFC 7519 section 4). */
    private static @Nullable Map<String, Object> decoded(String part) {
        try {
            return OBJECTS.readValue(Base64.getUrlDecoder().decode(ascii(part)));
        } catch (IllegalArgumentException | JacksonException unreadable) {
            return null;
        }
    }

    private Verification<C> believe(Map<String, Object> payload, boolean isBound) {
        Object audience = payload.get("aud");
        if (!issuer.value().equals(payload.get("iss"))
                || !(issuer.value().equals(audience) || List.of(issuer.value()).equals(audience))) {
            return invalid(InvalidTokenReason.ISSUER_OR_AUDIENCE);
        }
        try {
            C believed = claims.apply(new TokenClaims(payload));
            return believed.boundTo().isPresent() == isBound ? timed(believed) : invalid(InvalidTokenReason.CLAIMS);
        } catch (IllegalArgumentException | ArithmeticException unusable) {
            return invalid(InvalidTokenReason.CLAIMS);
        }
    }

    /** A token is dead on its {@code exp}, not after it (RFC 7519 section 4.1.4). */
    private Verification<C> timed(C believed) {
        return clock.instant().isBefore(believed.expiresAt())
                ? new Verification.Valid<>(believed)
                : new Verification.Expired<>(believed);
    }

    private static <C> Verification<C> invalid(InvalidTokenReason reason) {
        return new Verification.Invalid<>(reason);
    }
}
