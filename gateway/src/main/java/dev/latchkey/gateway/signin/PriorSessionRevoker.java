package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.session.RevocationReason;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Signing in over a live session ends that session, for its cookies are about to be overwritten. */
@Component
final class PriorSessionRevoker {

    private final TokenExtractor extractor;
    private final SignOut signOut;

    PriorSessionRevoker(TokenExtractor extractor, SignOut signOut) {
        this.extractor = extractor;
        this.signOut = signOut;
    }

    /** Ends what a sign-out with the request's tokens would end. Trouble is no obstacle. */
    Mono<Void> end(ServerRequest request) {
        return extractor
                .extract(request.exchange().getRequest())
                .fold(
                        presented -> signOut.end(presented, RevocationReason.SIGNED_IN_OVER)
                                .then(),
                        ambiguous -> Mono.empty(),
                        Mono::empty);
    }
}
