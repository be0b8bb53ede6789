package dev.latchkey.sample.provider;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Starts an OpenID Provider on the loopback address, with passwords that anyone knows: for the demo, and nothing else.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public final class SampleProviderApplication {

    private SampleProviderApplication() {}

    public static void main(String[] arguments) {
        SpringApplication.run(SampleProviderApplication.class, arguments);
    }
}
