package dev.latchkey.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts a small real backend that trusts nothing but the gateway's identity token. */
@SpringBootApplication
@ConfigurationPropertiesScan
public final class SampleBackendApplication {

    private SampleBackendApplication() {}

    public static void main(String[] arguments) {
        SpringApplication.run(SampleBackendApplication.class, arguments);
    }
}
