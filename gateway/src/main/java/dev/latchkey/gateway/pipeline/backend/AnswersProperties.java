package dev.latchkey.gateway.pipeline.backend;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which interim answers of backends reach clients.
 *
 * @param earlyHints Whether {@code 103 Early Hints} (RFC 8297) of backends are passed on to clients, except of
 *     HTTP/1.0; leave it off behind a proxy that may take them for the answer
 */
@ConfigurationProperties("latchkey.answers")
record AnswersProperties(@DefaultValue("false") boolean earlyHints) {}
