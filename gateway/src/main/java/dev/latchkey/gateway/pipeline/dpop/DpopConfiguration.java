package dev.latchkey.gateway.pipeline.dpop;

import dev.latchkey.gateway.proof.ProofReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What checks of proofs share. */
@Configuration(proxyBeanMethods = false)
class DpopConfiguration {

    /** RFC 9449 section 4.2. */
    static final String TYPE = "dpop+jwt";

    @Bean
    ProofReader dpopProofReader() {
        return new ProofReader(TYPE);
    }
}
