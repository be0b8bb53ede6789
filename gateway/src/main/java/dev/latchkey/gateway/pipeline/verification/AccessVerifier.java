package dev.latchkey.gateway.pipeline.verification;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Invalid;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Renewable;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Unavailable;
import dev.latchkey.gateway.pipeline.verification.VerificationOutcome.Valid;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Verifies an access token: signature and claims first, so that the denylist is asked of our own tokens only. */
@Component
public final class AccessVerifier {

    private final AccessTokenCodec tokens;
    private final Denylist denylist;

    AccessVerifier(AccessTokenCodec tokens, Denylist denylist) {
        this.tokens = tokens;
        this.denylist = denylist;
    }

    /** Never fails: a denylist out of reach is an outcome. */
    public Mono<VerificationOutcome> verify(AccessToken token) {
        return tokens.verify(token)
                .fold(
                        valid -> accepted(valid.claims()),
                        expired -> Mono.just(new Renewable()),
                        invalid -> Mono.just(new Invalid()));
    }

    private Mono<VerificationOutcome> accepted(AccessClaims claims) {
        return denylist.check(claims.subject(), claims.session(), claims.generation(), claims.authTime())
                .map(answer -> answer.fold(() -> new Valid(claims), Renewable::new, Unavailable::new));
    }
}
