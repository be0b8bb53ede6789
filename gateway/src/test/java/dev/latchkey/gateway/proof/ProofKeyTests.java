package dev.latchkey.gateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class ProofKeyTests {

    private static final JsonMapper JSON = new JsonMapper();

    /** The key and the thumbprint of RFC 9449, sections 4.1 and 6.1. */
    private static final Map<String, Object> EXAMPLE = Map.of(
            "kty", "EC",
            "crv", "P-256",
            "x", "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA");

    @Test
    void thumbprintWhenKeyOfTheRfcThenThatOfTheRfc() {
        assertThat(key(EXAMPLE).thumbprint()).isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    @Test
    void ofPointWhenPointOfAKeyThenTheSameKey() {
        for (int round = 0; round < 20; round++) {
            ProofKey key = key(new TestProofs().jwk());

            ProofKey again = ProofKey.ofPoint(key.point()).orElseThrow();

            assertThat(key.point()).hasSize(ProofKey.POINT_BYTES);
            assertThat(again).isEqualTo(key).hasSameHashCodeAs(key);
            assertThat(again.thumbprint()).isEqualTo(key.thumbprint());
            assertThat(again.key()).isEqualTo(key.key());
        }
    }

    @Test
    void ofPointWhenNoPointOfTheCurveThenNone() {
        byte[] point = key(EXAMPLE).point();
        byte[] uncompressed = point.clone();
        uncompressed[0] = 4;
        byte[] beyond = new byte[ProofKey.POINT_BYTES];
        Arrays.fill(beyond, (byte) 0xff);
        beyond[0] = 2;
        byte[] off = new byte[ProofKey.POINT_BYTES];
        off[0] = 2;
        off[ProofKey.POINT_BYTES - 1] = 1; // x = 1 belongs to no point of P-256

        assertThat(ProofKey.ofPoint(uncompressed)).isEmpty();
        assertThat(ProofKey.ofPoint(beyond)).isEmpty();
        assertThat(ProofKey.ofPoint(off)).isEmpty();
        assertThat(ProofKey.ofPoint(new byte[32])).isEmpty();
        assertThat(ProofKey.ofPoint(new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kty, RSA",
        "kty, oct",
        "kty, ec",
        "crv, P-384",
        "crv, secp256k1",
        "alg, RS256",
        "alg, ES384",
        "use, enc",
        "d, AAAA",
        "k, AAAA",
        "x, ''",
        "x, l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBF", // 31 bytes
        "x, AGyl8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWB", // 33 bytes
        "x, l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFt", // bits that are not used
        "x, l8tFrhx+34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", // not of this alphabet
        "y, 9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDE" // off the curve
    })
    void ofJwkWhenAMemberIsOtherwiseThenNone(String member, String value) {
        Map<String, Object> jwk = new HashMap<>(EXAMPLE);
        jwk.put(member, value);

        assertThat(ProofKey.ofJwk(JSON.valueToTree(jwk))).isEmpty();
    }

    @Test
    void ofJwkWhenNoObjectOrNoTextThenNone() {
        Map<String, Object> number = new HashMap<>(EXAMPLE);
        number.put("x", 7);

        assertThat(ProofKey.ofJwk(JSON.valueToTree("EC"))).isEmpty();
        assertThat(ProofKey.ofJwk(JSON.valueToTree(Map.of()))).isEmpty();
        assertThat(ProofKey.ofJwk(JSON.valueToTree(number))).isEmpty();
        number.remove("x");
        assertThat(ProofKey.ofJwk(JSON.valueToTree(number))).isEmpty();
    }

    /** The same point modulo the prime, which another library may take for another key. */
    @Test
    void ofJwkWhenCoordinateBeyondThePrimeThenNone() {
        ECPublicKey curve = (ECPublicKey) TestProofs.pair("secp256r1").getPublic();
        BigInteger prime = ((ECFieldFp) curve.getParams().getCurve().getField()).getP();
        // x = 5 has a root in P-256, and so has the sum of 5 and the prime, in 32 bytes.
        byte[] compressed = new byte[ProofKey.POINT_BYTES];
        compressed[0] = 2;
        compressed[ProofKey.POINT_BYTES - 1] = 5;
        BigInteger y = P256.point(compressed).orElseThrow().getAffineY();
        Map<String, Object> jwk = new HashMap<>(EXAMPLE);
        jwk.put("y", TestProofs.coordinate(y));
        jwk.put("x", TestProofs.coordinate(BigInteger.valueOf(5)));
        assertThat(ProofKey.ofJwk(JSON.valueToTree(jwk))).isPresent();

        jwk.put("x", TestProofs.coordinate(prime.add(BigInteger.valueOf(5))));

        assertThat(ProofKey.ofJwk(JSON.valueToTree(jwk))).isEmpty();
    }

    @Test
    void toStringWhenPrintedThenThumbprintOnly() {
        ProofKey key = key(EXAMPLE);

        assertThat(key)
                .hasToString("ProofKey[" + key.thumbprint() + "]")
                .isNotEqualTo(key(new TestProofs().jwk()))
                .isNotEqualTo(Base64.getUrlEncoder().encodeToString(key.point()));
    }

    private static ProofKey key(Map<String, Object> jwk) {
        return ProofKey.ofJwk(JSON.valueToTree(jwk)).orElseThrow();
    }
}
