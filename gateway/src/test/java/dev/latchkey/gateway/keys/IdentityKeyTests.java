package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.gateway.crypto.NativeSignatures;
import io.jsonwebtoken.Jwts;
import java.security.KeyPair;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class IdentityKeyTests {

    @ParameterizedTest
    @EnumSource
    void ofWhenNativeLibraryIsThereThenTheKeyThatSignsIsItsOwn(IdentityAlgorithm algorithm) {
        assumeTrue(NativeSignatures.provider().isPresent(), "Conscrypt does not load here");
        KeyPair pair = algorithm.jws().keyPair().build();

        IdentityKey key = IdentityKey.of("a", algorithm, pair);

        assertThat(key.signing().getClass().getPackageName()).isEqualTo("org.conscrypt");
        String token = Jwts.builder()
                .provider(NativeSignatures.provider().get())
                .subject("ada")
                .signWith(key.signing(), algorithm.jws())
                .compact();
        assertThat(Jwts.parser()
                        .verifyWith(pair.getPublic())
                        .build()
                        .parseSignedClaims(token)
                        .getPayload()
                        .getSubject())
                .isEqualTo("ada");
    }
}
