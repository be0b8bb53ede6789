package dev.latchkey.gateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsonwebtoken.Jwts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProofJwtTests {

    private static final String TYPE = "dbsc+jwt";
    private static final Map<String, Object> CLAIMS = Map.of("jti", "challenge", "iat", 1_700_000_000L);

    private final TestProofs holder = new TestProofs();

    @Test
    void readWhenProofWithKeyThenItsClaimsAndKey() {
        ProofJwt proof = read(holder.sign(holder.headerWithKey(TYPE), CLAIMS));

        assertThat(proof.text("jti")).hasValue("challenge");
        assertThat(proof.number("iat")).hasValue(1_700_000_000L);
        assertThat(proof.text("iat")).isEmpty();
        assertThat(proof.number("jti")).isEmpty();
        assertThat(proof.text("aud")).isEmpty();
        assertThat(proof.isSignedBy(proof.key().orElseThrow())).isTrue();
        assertThat(proof).hasToString("ProofJwt");
    }

    /** A NumericDate may have a fraction, and numbers of JSON may have an exponent (RFC 7519 section 2). */
    @ParameterizedTest
    @CsvSource({
        "1700000000.5, 1700000000",
        "1.7e9, 1700000000",
        "-1.5, -1",
        "9007199254740991, 9007199254740991",
        "9007199254740992,",
        "1e300,"
    })
    void numberWhenItIsOneThenWithoutItsFraction(BigDecimal said, @Nullable Long read) {
        ProofJwt proof = read(holder.sign(holder.headerWithKey(TYPE), Map.of("iat", said)));

        assertThat(proof.number("iat")).isEqualTo(read == null ? OptionalLong.empty() : OptionalLong.of(read));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void numberWhenNoDoubleIsAsLargeThenNone(int sign) {
        BigInteger huge = BigInteger.TEN.pow(400).multiply(BigInteger.valueOf(sign));
        ProofJwt proof = read(holder.sign(holder.headerWithKey(TYPE), Map.of("iat", huge)));

        assertThat(proof.number("iat")).isEmpty();
    }

    @Test
    void isSignedByWhenAnotherKeyThenNot() {
        ProofJwt proof = read(holder.sign(TestProofs.header(TYPE), CLAIMS));
        TestProofs other = new TestProofs();
        ProofKey foreign =
                read(other.sign(other.headerWithKey(TYPE), CLAIMS)).key().orElseThrow();

        assertThat(proof.key()).isEmpty();
        assertThat(proof.isSignedBy(foreign)).isFalse();
    }

    /** It was signed with one key, and says that it is of another. */
    @Test
    void isSignedByWhenForeignJwkThenNot() {
        Map<String, Object> header = TestProofs.header(TYPE);
        header.put("jwk", new TestProofs().jwk());

        ProofJwt proof = read(holder.sign(header, CLAIMS));

        assertThat(proof.isSignedBy(proof.key().orElseThrow())).isFalse();
    }

    @Test
    void isSignedByWhenClaimsOrHeaderSwappedThenNot() {
        String[] parts = holder.sign(holder.headerWithKey(TYPE), CLAIMS).split("\\.");
        ProofKey key = read(String.join(".", parts)).key().orElseThrow();
        String claims = TestProofs.encoded(Map.of("jti", "another challenge"));
        String header = TestProofs.encoded(TestProofs.header(TYPE));

        assertThat(read(parts[0] + "." + claims + "." + parts[2]).isSignedBy(key))
                .isFalse();
        assertThat(read(header + "." + parts[1] + "." + parts[2]).isSignedBy(key))
                .isFalse();
    }

    @Test
    void isSignedByWhenZerosThenNot() {
        String proof = holder.sign(holder.headerWithKey(TYPE), CLAIMS);
        byte[] whole = Base64.getUrlDecoder().decode(proof.substring(proof.lastIndexOf('.') + 1));
        byte[] withoutR = whole.clone();
        Arrays.fill(withoutR, 0, 32, (byte) 0);
        byte[] withoutS = whole.clone();
        Arrays.fill(withoutS, 32, 64, (byte) 0);
        byte[] all = new byte[64];
        Arrays.fill(all, (byte) 0xff);

        for (byte[] signature : List.of(new byte[64], withoutR, withoutS, all)) {
            ProofJwt forged = read(withSignature(proof, signature));
            assertThat(forged.isSignedBy(forged.key().orElseThrow())).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 65, 70, 72, 128})
    void readWhenSignatureOfAnotherLengthThenUnusable(int bytes) {
        String proof = holder.sign(holder.headerWithKey(TYPE), CLAIMS);

        assertThat(why(withSignature(proof, new byte[bytes]))).contains("64 bytes");
    }

    @Test
    void readWhenSignatureInDerThenUnusable() throws Exception {
        KeyPair pair = TestProofs.pair("secp256r1");
        String signed = TestProofs.encoded(holder.headerWithKey(TYPE)) + "." + TestProofs.encoded(CLAIMS);
        Signature der = Signature.getInstance("SHA256withECDSA");
        der.initSign(pair.getPrivate());
        der.update(signed.getBytes(StandardCharsets.US_ASCII));

        assertThat(why(withSignature(signed + ".", der.sign()))).contains("64 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS256", "RS256", "PS256", "ES384", "ES256K", "es256", ""})
    void readWhenAnotherAlgorithmWithAnEcKeyThenUnusable(String algorithm) {
        Map<String, Object> header = holder.headerWithKey(TYPE);
        header.put("alg", algorithm);

        assertThat(why(holder.sign(header, CLAIMS))).isEqualTo("the proof is not signed with ES256");
    }

    /** The oldest trick: the public key, known to all, as the secret of an HMAC. */
    @Test
    void readWhenHmacWithThePublicKeyThenUnusable() throws Exception {
        Map<String, Object> header = holder.headerWithKey(TYPE);
        header.put("alg", "HS256");
        String signed = TestProofs.encoded(header) + "." + TestProofs.encoded(CLAIMS);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(
                String.valueOf(holder.jwk().get("x")).getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));

        assertThat(why(withSignature(signed + ".", mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)))))
                .contains("64 bytes");
    }

    @Test
    void readWhenNotSignedThenUnusable() {
        String unsigned = Jwts.builder().claims(CLAIMS).compact();

        assertThat(why(unsigned)).contains("64 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "dpop+jwt", "at+jwt", "DBSC+JWT", ""})
    void readWhenAnotherTypeThenUnusable(String type) {
        assertThat(why(holder.sign(holder.headerWithKey(type), CLAIMS))).isEqualTo("the proof's typ is not dbsc+jwt");
    }

    @Test
    void readWhenNoTypeOrNoAlgorithmThenUnusable() {
        assertThat(why(holder.sign(Map.of("alg", "ES256"), CLAIMS))).contains("typ");
        assertThat(why(holder.sign(Map.of("typ", TYPE), CLAIMS))).contains("ES256");
        assertThat(why(holder.sign(Map.of("typ", TYPE, "alg", List.of("ES256")), CLAIMS)))
                .contains("ES256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"crit", "b64", "zip"})
    void readWhenExtensionThenUnusable(String member) {
        Map<String, Object> header = holder.headerWithKey(TYPE);
        header.put(member, List.of("exp"));

        assertThat(why(holder.sign(header, CLAIMS))).isEqualTo("the proof asks for an extension of JWS");
    }

    @Test
    void readWhenJwkIsPrivateOrOffTheCurveThenUnusable() {
        Map<String, Object> secret = holder.jwk();
        secret.put("d", secret.get("x"));
        Map<String, Object> off = holder.jwk();
        off.put("y", off.get("x"));

        for (Object jwk : List.of(secret, off, "key", List.of(), Map.of())) {
            Map<String, Object> header = TestProofs.header(TYPE);
            header.put("jwk", jwk);
            assertThat(why(holder.sign(header, CLAIMS))).isEqualTo("the proof's jwk is no public P-256 key");
        }
    }

    @Test
    void readWhenHugeThenUnusableWithoutALook() {
        Map<String, Object> jwk = holder.jwk();
        jwk.put("x5c", "A".repeat(ProofJwt.LONGEST));
        Map<String, Object> header = TestProofs.header(TYPE);
        header.put("jwk", jwk);

        assertThat(why(holder.sign(header, CLAIMS))).isEqualTo("the proof is longer than 4096 characters");
    }

    @Test
    void readWhenMemberTwiceThenUnusable() {
        String signature = "." + "A".repeat(86);
        String header = TestProofs.encoded("{\"alg\":\"none\",\"alg\":\"ES256\",\"typ\":\"dbsc+jwt\"}");
        String claims = TestProofs.encoded("{\"jti\":\"a\",\"jti\":\"b\"}");

        assertThat(why(header + "." + TestProofs.encoded(CLAIMS) + signature)).contains("distinct");
        assertThat(why(TestProofs.encoded(TestProofs.header(TYPE)) + "." + claims + signature))
                .contains("distinct");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c.d", "a.b.c.d.e", "{}", "\u00e9.b.c"})
    void readWhenNoJwtThenUnusable(String text) {
        assertThat(why(text)).contains("no JWT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"text\"", "[]", "null", "", "{", "{} {}"})
    void readWhenPartIsNoObjectThenUnusable(String part) {
        String header = TestProofs.encoded(TestProofs.header(TYPE));

        assertThat(why(header + "." + TestProofs.encoded(part) + "." + "A".repeat(86)))
                .contains("no JSON object");
        assertThat(why(TestProofs.encoded(part) + "." + header + "." + "A".repeat(86)))
                .contains("no JSON object");
    }

    @Test
    void textWhenLongThenNone() {
        Map<String, Object> claims = new LinkedHashMap<>(Map.of("jti", "j".repeat(2049), "nonce", "n".repeat(500)));

        ProofJwt proof = read(holder.sign(TestProofs.header(TYPE), claims));

        assertThat(proof.text("jti")).isEmpty();
        assertThat(proof.text("nonce")).isPresent();
    }

    private static String withSignature(String proof, byte[] signature) {
        return proof.substring(0, proof.lastIndexOf('.') + 1)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static ProofJwt read(String proof) {
        return ProofJwt.read(proof, TYPE).fold(read -> read, why -> {
            throw new AssertionError(why);
        });
    }

    private static String why(String proof) {
        return ProofJwt.read(proof, TYPE).fold(read -> "read", why -> why);
    }
}
