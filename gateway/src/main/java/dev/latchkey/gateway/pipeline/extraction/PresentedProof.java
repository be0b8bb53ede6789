package dev.latchkey.gateway.pipeline.extraction;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.TokenHeaders;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a request presents as proof that its sender holds a key (RFC 9449), not checked yet. A proof is used up when it
 * is checked, and one request may ask for it more than once: so it keeps what came of it.
 */
public final class PresentedProof {

    private final RequestHead request;
    private final Optional<AccessToken> access;
    private @Nullable Result<KeyThumbprint> proven;

    /** @param access the token that it must name; empty where none comes with it */
    public PresentedProof(RequestHead request, Optional<AccessToken> access) {
        this.request = request;
        this.access = access;
    }

    public RequestHead request() {
        return request;
    }

    public Optional<AccessToken> access() {
        return access;
    }

    /** All header fields of this name, of which there must be one. */
    public List<String> fields() {
        return request.fields().all(TokenHeaders.DPOP);
    }

    /**
     * The key that was proven, or why none was: checked at the first call. The steps of one request follow each other.
     */
    public Result<KeyThumbprint> proven(Supplier<Result<KeyThumbprint>> check) {
        Result<KeyThumbprint> known = proven;
        if (known == null) {
            known = check.get();
            proven = known;
        }
        return known;
    }

    /** Why no key was proven, if that was asked for. */
    public Optional<Problem> problem() {
        Result<KeyThumbprint> known = proven;
        return known == null ? Optional.empty() : known.fold(key -> Optional.empty(), Optional::of);
    }

    /** Shows nothing. */
    @Override
    public String toString() {
        return "PresentedProof[hidden]";
    }
}
