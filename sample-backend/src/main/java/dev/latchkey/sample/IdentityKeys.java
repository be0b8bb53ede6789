package dev.latchkey.sample;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.JwkSetUriReactiveJwtDecoderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/**
 * Asks the gateway for its keys every ten seconds at most. Spring Security asks again with each token of a key that it
 * does not know, and on public routes anyone can send such tokens. New keys are published minutes before they sign.
 */
@Configuration(proxyBeanMethods = false)
class IdentityKeys {

    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Bean
    JwkSetUriReactiveJwtDecoderBuilderCustomizer askedNowAndThen(
            @Value("${spring.security.oauth2.resourceserver.jwt.jwk-set-uri}") String address) {
        Mono<String> keys = WebClient.create(address)
                .get()
                .retrieve()
                .bodyToMono(String.class)
                .timeout(LIMIT)
                .cache(known -> PAUSE, failure -> PAUSE_AFTER_FAILURE, () -> PAUSE_AFTER_FAILURE);
        WebClient client = WebClient.builder()
                .exchangeFunction(request -> keys.map(IdentityKeys::answer))
                .build();
        return decoder -> decoder.webClient(client);
    }

    private static ClientResponse answer(String keys) {
        return ClientResponse.create(HttpStatus.OK)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
                .body(keys)
                .build();
    }
}
