package dev.latchkey.gateway.proof;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.NativeSignatures;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SecurityException;
import io.jsonwebtoken.security.VerifySecureDigestRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A proof of possession: a compact JWS (RFC 7515 section 7.1) signed with ES256, that may bring the public key it
 * claims to be signed with. Nothing that it says counts before {@link #isSignedBy} said whose it is.
 */
public final class ProofJwt {

    /** Far longer than any proof of a browser or a client. */
    public static final int LONGEST = 4 * 1024;

    /** Made ready here: the mapper would look for what it needs at its first call, under a lock. */
    private static final ObjectReader TREES = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerFor(JsonNode.class);

    private static final String NO_OBJECT = "header or claims of the proof are no JSON object with distinct members";

    private static final int PARTS = 3;
    private static final int SIGNATURE_BYTES = 64;
    private static final int LONGEST_TEXT = 2 * 1024;

    /** Below it, a double has each whole number. */
    private static final double MOST_NUMBER = 1L << 53;

    private final String header;
    private final Optional<ProofKey> key;
    private final JsonNode claims;
    private final byte[] signed;
    private final byte[] signature;

    private ProofJwt(String header, Optional<ProofKey> key, JsonNode claims, byte[] signed, byte[] signature) {
        this.header = header;
        this.key = key;
        this.claims = claims;
        this.signed = signed;
        this.signature = signature;
    }

    /**
     * Reads a proof without believing it.
     *
     * @param type what {@code typ} must be (RFC 8725, 3.11), such as {@code dbsc+jwt}
     */
    public static Reading read(String compact, String type) {
        return read(compact, type, header -> null);
    }

    /** @param known the key of a header that was read before */
    static Reading read(String compact, String type, Function<String, @Nullable ProofKey> known) {
        if (compact.length() > LONGEST) {
            return new Unusable("the proof is longer than " + LONGEST + " characters");
        }
        String[] parts = compact.split("\\.", -1);
        if (parts.length != PARTS || !Base64Url.isWellFormed(parts[2], SIGNATURE_BYTES)) {
            return new Unusable("the proof is no JWT with a signature of 64 bytes");
        }
        ProofKey same = known.apply(parts[0]);
        return same == null ? read(parts, type) : read(parts, Optional.of(same));
    }

    private static Reading read(String[] parts, String type) {
        JsonNode header = object(parts[0]);
        if (header == null) {
            return new Unusable(NO_OBJECT);
        }
        Optional<String> fault = fault(header, type);
        if (fault.isPresent()) {
            return new Unusable(fault.get());
        }
        Optional<ProofKey> key = header.has("jwk") ? ProofKey.ofJwk(header.get("jwk")) : Optional.empty();
        return header.has("jwk") && key.isEmpty()
                ? new Unusable("the proof's jwk is no public P-256 key")
                : read(parts, key);
    }

    private static Reading read(String[] parts, Optional<ProofKey> key) {
        JsonNode claims = object(parts[1]);
        if (claims == null) {
            return new Unusable(NO_OBJECT);
        }
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
        return new Read(new ProofJwt(parts[0], key, claims, signed, signature));
    }

    private static Optional<String> fault(JsonNode header, String type) {
        if (!is(header, "alg", "ES256")) {
            return Optional.of("the proof is not signed with ES256");
        }
        if (!is(header, "typ", type)) {
            return Optional.of("the proof's typ is not " + type);
        }
        return header.has("crit") || header.has("b64") || header.has("zip")
                ? Optional.of("the proof asks for an extension of JWS")
                : Optional.empty();
    }

    private static @Nullable JsonNode object(String part) {
        try {
            JsonNode read = TREES.readTree(Base64.getUrlDecoder().decode(part));
            return read.isObject() ? read : null;
        } catch (IllegalArgumentException | JacksonException malformed) {
            return null;
        }
    }

    /** Whether a member is this text. */
    static boolean is(JsonNode object, String member, String value) {
        JsonNode found = object.path(member);
        return found.isString() && found.asString().equals(value);
    }

    /** Still encoded. */
    String header() {
        return header;
    }

    /** The key that it brings. */
    public Optional<ProofKey> key() {
        return key;
    }

    /** A claim that is a text, of at most 2048 characters. */
    public Optional<String> text(String claim) {
        JsonNode found = claims.path(claim);
        return found.isString() && found.asString().length() <= LONGEST_TEXT
                ? Optional.of(found.asString())
                : Optional.empty();
    }

    /**
     * A claim that is a number, without its fraction, such as {@code iat} in seconds (NumericDate, RFC 7519 section 2).
     */
    public OptionalLong number(String claim) {
        JsonNode found = claims.path(claim);
        // A whole number beyond any double is none: without a default, the library would throw.
        double number = found.isNumber() ? found.asDouble(MOST_NUMBER) : MOST_NUMBER;
        return Math.abs(number) < MOST_NUMBER ? OptionalLong.of((long) number) : OptionalLong.empty();
    }

    /** Whether the holder of this key signed it: up to a millisecond of computing, no waiting. */
    public boolean isSignedBy(ProofKey holder) {
        // Java before 17.0.3 believed a signature of zeros, by whatever key (CVE-2022-21449).
        if (isZero(0) || isZero(SIGNATURE_BYTES / 2)) {
            return false;
        }
        try {
            return Jwts.SIG.ES256.verify(new Request(holder.key(), signed, signature));
        } catch (SecurityException notASignature) {
            return false;
        }
    }

    private boolean isZero(int from) {
        int bits = 0;
        for (int i = from; i < from + SIGNATURE_BYTES / 2; i++) {
            bits |= signature[i];
        }
        return bits == 0;
    }

    /** Shows nothing: a proof opens something until it is used up. */
    @Override
    public String toString() {
        return "ProofJwt";
    }

    /** What came of reading one. */
    public sealed interface Reading {

        default <R> R fold(Function<ProofJwt, R> read, Function<String, R> unusable) {
            return this instanceof Read some ? read.apply(some.proof) : unusable.apply(((Unusable) this).why);
        }
    }

    /** It is one, of whomever. */
    public record Read(ProofJwt proof) implements Reading {}

    /**
     * It is none.
     *
     * @param why a sentence for the sender, without anything of theirs
     */
    public record Unusable(String why) implements Reading {}

    /** What the library is asked. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Request(PublicKey key, byte[] signed, byte[] digest)
            implements VerifySecureDigestRequest<PublicKey> {

        @Override
        public PublicKey getKey() {
            return key;
        }

        @Override
        public InputStream getPayload() {
            return new ByteArrayInputStream(signed);
        }

        @Override
        public byte[] getDigest() {
            return digest;
        }

        @Override
        public @Nullable Provider getProvider() {
            return NativeSignatures.provider().orElse(null);
        }

        @Override
        public @Nullable SecureRandom getSecureRandom() {
            return null;
        }
    }
}
