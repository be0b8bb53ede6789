package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.TokenPair;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Signing in over a live session ends that session, for its cookies are about to be overwritten. */
@Component
final class SessionSuccession {

    private final TokenExtractor extractor;
    private final Rotation rotation;
    private final Revocations revocations;

    SessionSuccession(TokenExtractor extractor, Rotation rotation, Revocations revocations) {
        this.extractor = extractor;
        this.rotation = rotation;
        this.revocations = revocations;
    }

    /** Ends the session that the request's refresh cookies name, unless it is the new one. Trouble is no obstacle. */
    Mono<Void> end(ServerRequest request, TokenPair successor) {
        return Mono.justOrEmpty(predecessor(request))
                .filter(old -> !old.session().equals(successor.claims().session()))
                .flatMap(old -> revocations.revoke(old.subject(), old.session(), RevocationReason.SIGNED_IN_OVER))
                .then();
    }

    private Optional<RefreshClaims> predecessor(ServerRequest request) {
        return extractor
                .extract(request.exchange().getRequest())
                .fold(presented -> rotation.newest(presented.refreshes()), ambiguous -> Optional.empty());
    }
}
