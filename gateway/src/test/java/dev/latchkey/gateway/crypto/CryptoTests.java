package dev.latchkey.gateway.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CryptoTests {

    /** The vector of FIPS 180-4's examples. */
    private static final String HASH_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void hexWhenPartsThenHashOfAllOfThemInOrder() {
        assertThat(Sha256.hex(bytes("abc"))).isEqualTo(HASH_OF_ABC);
        assertThat(Sha256.hex(bytes("a"), bytes(""), bytes("bc"))).isEqualTo(HASH_OF_ABC);
    }

    @Test
    void base64UrlWhenTextThenHashWithoutPadding() {
        assertThat(Sha256.base64Url("abc")).isEqualTo("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "ab\u00e9", "\u20ac", "\ud83d\ude00"})
    void ofWhenTextThenHashOfItsBytes(String text) {
        assertThat(Sha256.of(text)).isEqualTo(Sha256.of(bytes(text)));
        String longer = "x".repeat(10_000) + text;
        assertThat(Sha256.of(longer)).isEqualTo(Sha256.of(bytes(longer)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "ab\u00e9"})
    void ofWhenTheHashBeforeItFailedThenHashOfItsOwn(String text) {
        byte[] hash = Sha256.of(bytes(text));
        byte[][] broken = new byte[2][];
        broken[0] = bytes("a");

        assertThatThrownBy(() -> Sha256.of(broken)).isInstanceOf(NullPointerException.class);
        assertThat(Sha256.of(text)).isEqualTo(hash);
        assertThatThrownBy(() -> Sha256.of(broken)).isInstanceOf(NullPointerException.class);
        assertThat(Sha256.of(bytes(text))).isEqualTo(hash);
    }

    @Test
    void longAtWhenIdThenItsBits() {
        SecureRandom random = new SecureRandom();
        for (int round = 0; round < 200; round++) {
            String id = Base64Url.random(random, 16);
            ByteBuffer bits = ByteBuffer.wrap(Base64.getUrlDecoder().decode(id));

            assertThat(Base64Url.longAt(id, 0)).isEqualTo(bits.getLong(0));
            assertThat(Base64Url.longAt(id, 64)).isEqualTo(bits.getLong(8));
        }
    }

    @Test
    void randomWhenAskedTwiceThenTwoIdsOfThatLength() {
        SecureRandom random = new SecureRandom();
        String id = Base64Url.random(random, 16);

        assertThat(Base64Url.isWellFormed(id, 16)).isTrue();
        assertThat(id).isNotEqualTo(Base64Url.random(random, 16));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "abcde", "ab=d", "ab+d", "ab/d", "ab d", "abc\n", "ab\u00e9d"})
    void isWellFormedWhenLengthOrCharacterDiffersThenFalse(String text) {
        assertThat(Base64Url.isWellFormed(text, 3)).isFalse();
        assertThat(Base64Url.isWellFormed("a-_9", 3)).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
