package dev.latchkey.gateway.routes.upstream;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of backends' answers reaches clients.
 *
 * @param earlyHints whether {@code 103 Early Hints} do
 */
@ConfigurationProperties("latchkey.answers")
record AnswersProperties(@DefaultValue("false") boolean earlyHints) {}
