package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.ResponseHead;
import dev.latchkey.gateway.token.AccessClaims;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What clients get of {@code 103 Early Hints} (RFC 8297), if that is on: a proxy in front that takes a 103 for the
 * final answer gives one user the page of another (section 3).
 */
@Component
public final class EarlyHints {

    /** The most hints for one request. */
    public static final int MOST = 8;

    /** What browsers use of hints; a cookie or a token must not arrive twice. */
    private static final List<String> PASSED = List.of("Link", "Content-Security-Policy", "Referrer-Policy");

    private final ResponseHead rules;
    private final boolean isOn;

    EarlyHints(ResponseHead rules, AnswersProperties properties) {
        this.rules = rules;
        this.isOn = properties.earlyHints();
    }

    /**
     * What an HTTP/1.1 client gets of an interim answer.
     *
     * @param interim is cleaned of what no client may see
     * @param changes that the route makes in responses
     * @param caller who is asking
     * @return null if that is nothing
     */
    public @Nullable FullHttpResponse of(HttpResponse interim, HeaderChanges changes, Optional<AccessClaims> caller) {
        if (!isOn || !interim.status().equals(HttpResponseStatus.EARLY_HINTS)) {
            return null;
        }
        HttpHeaders fields = interim.headers();
        rules.clean(new NettyHeaderFields(fields), changes, caller);
        FullHttpResponse hint = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS, Unpooled.EMPTY_BUFFER);
        PASSED.forEach(name -> hint.headers().add(name, fields.getAll(name)));
        return hint.headers().isEmpty() ? null : hint;
    }
}
