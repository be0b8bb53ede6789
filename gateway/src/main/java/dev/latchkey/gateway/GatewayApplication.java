package dev.latchkey.gateway;

import dev.latchkey.gateway.management.GatewayCommand;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.ldap.autoconfigure.LdapAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcTransactionManagerAutoConfiguration;

/**
 * Starts the gateway, or runs the command that the first argument names. The framework's observations of each request
 * are off, since they cost a fifth of the throughput. Connections to databases are made only where users are kept in
 * one, by the package of that store.
 */
@SpringBootApplication(
        proxyBeanMethods = false,
        exclude = {
            ObservationAutoConfiguration.class,
            R2dbcAutoConfiguration.class,
            R2dbcTransactionManagerAutoConfiguration.class,
            MongoReactiveAutoConfiguration.class,
            LdapAutoConfiguration.class
        })
@ConfigurationPropertiesScan
public final class GatewayApplication {

    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    private GatewayApplication() {}

    public static void main(String[] arguments) {
        GatewayCommand.run(arguments, System.in, System.out, System.err).ifPresentOrElse(System::exit, () -> {
            detectNoLeaks();
            SpringApplication.run(GatewayApplication.class, arguments);
        });
    }

    /**
     * Switches off Netty's search for buffers that nobody released, which takes a fifteenth of a request's processor
     * time, unless its system property is set. The tests search for them.
     */
    static void detectNoLeaks() {
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
    }
}
