package dev.latchkey.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts a small real backend that trusts nothing but the gateway's identity token. */
@SpringBootApplication
public final class SampleBackendApplication {

    private SampleBackendApplication() {}

    public static void main(String[] arguments) {
        SpringApplication.run(SampleBackendApplication.class, arguments);
    }
}
