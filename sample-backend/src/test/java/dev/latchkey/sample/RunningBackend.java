package dev.latchkey.sample;

import java.time.Duration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The backend as it runs behind a gateway, on a free port. */
final class RunningBackend implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private RunningBackend(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningBackend behind(IdentityTokens gateway, String... profiles) {
        return new RunningBackend(new SpringApplicationBuilder(SampleBackendApplication.class)
                .profiles(profiles)
                .run(
                        "--server.port=0",
                        "--sample.gateway=" + gateway.address(),
                        "--sample.issuer=" + IdentityTokens.ISSUER));
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    WebTestClient client() {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port())
                .responseTimeout(Duration.ofSeconds(20))
                .build();
    }

    @Override
    public void close() {
        context.close();
    }
}
