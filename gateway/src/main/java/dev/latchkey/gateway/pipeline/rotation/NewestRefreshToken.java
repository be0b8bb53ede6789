package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.keys.RefreshTokenCodec;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Picks the refresh token that counts among those a browser sent: the highest generation of the newest sign-in. */
@Component
final class NewestRefreshToken {

    private static final Comparator<Verified> AGE = Comparator.comparing(
                    (Verified it) -> it.claims().authTime())
            .thenComparing(it -> it.claims().generation());

    private final RefreshTokenCodec tokens;

    NewestRefreshToken(RefreshTokenCodec tokens) {
        this.tokens = tokens;
    }

    Optional<Verified> of(List<RefreshToken> presented) {
        return presented.stream().flatMap(this::verified).max(AGE);
    }

    private Stream<Verified> verified(RefreshToken token) {
        return tokens.verify(token)
                .fold(
                        valid -> Stream.of(new Verified(token, valid.claims())),
                        expired -> Stream.empty(),
                        invalid -> Stream.empty());
    }

    /** A refresh token and what it says. */
    record Verified(RefreshToken token, RefreshClaims claims) {}
}
