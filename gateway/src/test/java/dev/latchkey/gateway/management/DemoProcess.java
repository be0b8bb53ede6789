package dev.latchkey.gateway.management;

import java.io.IOException;
import java.io.OutputStream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A process of its own with what the demo profile provides; it ends by itself when nothing more is said to it. */
final class DemoProcess {

    static final String PORT_IS = "demo Redis on port ";

    private DemoProcess() {}

    public static void main(String[] arguments) throws IOException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(DemoProcess.class)
                .web(WebApplicationType.NONE)
                .profiles("demo")
                .run(arguments)) {
            System.out.println(PORT_IS + context.getEnvironment().getProperty("spring.data.redis.port"));
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
