package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult;
import dev.latchkey.gateway.pipeline.authentication.NewTokens;
import dev.latchkey.gateway.pipeline.authentication.RotatedTokens;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.telemetry.RequestRecord;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Gives rotated tokens to the client at the last moment before the response leaves, and only if they may still be set:
 * the response of a slow backend must not bring back an older generation.
 */
@Component
public final class NewTokensAtCommit {

    private final Rotation rotation;
    private final RotatedTokens rotatedTokens;
    private final DeviceHeaders device;

    NewTokensAtCommit(Rotation rotation, RotatedTokens rotatedTokens, DeviceHeaders device) {
        this.rotation = rotation;
        this.rotatedTokens = rotatedTokens;
        this.device = device;
    }

    /** Registers what a rotation made, if the caller was found out by one, or tells a device to prove itself. */
    public void register(ServerWebExchange exchange, AuthenticationResult result) {
        result.newTokens().ifPresent(tokens -> register(exchange, tokens));
        result.unproven().ifPresent(session -> device.challenge(exchange, session));
    }

    /** Registers them with the exchange's response. */
    public void register(ServerWebExchange exchange, NewTokens tokens) {
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> rotation.maySet(tokens.rotated())
                .filter(Boolean::booleanValue)
                .doOnNext(may -> set(exchange, tokens))
                .then());
    }

    /** Sets them at once, for a response that is of no use without them; false where they may not be set any more. */
    public Mono<Boolean> setNow(ServerWebExchange exchange, NewTokens tokens) {
        return rotation.maySet(tokens.rotated()).doOnNext(may -> {
            if (may) {
                set(exchange, tokens);
            }
        });
    }

    private void set(ServerWebExchange exchange, NewTokens tokens) {
        rotatedTokens.set(tokens, new SpringHeaderFields(exchange.getResponse().getHeaders()));
        ExchangeAttribute.RECORD.of(exchange).ifPresent(RequestRecord::rotated);
    }
}
