import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * Spring Cloud Gateway with the filter TokenRelay, as its documentation shows it: for comparison by providers.sh.
 * {@code --upstream} is where it leads, {@code --issuer} who signs users in.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class Relay {

    private static final String ROUTE = "spring.cloud.gateway.server.webflux.routes[0].";
    private static final String CLIENT = "spring.security.oauth2.client.";

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(Relay.class)
                .properties(Map.of(
                        ROUTE + "id", "api",
                        ROUTE + "uri", "${upstream}",
                        ROUTE + "predicates[0]", "Path=/api/**",
                        ROUTE + "filters[0]", "TokenRelay=",
                        CLIENT + "provider.op.issuer-uri", "${issuer}",
                        CLIENT + "registration.op.client-id", "relay",
                        CLIENT + "registration.op.client-secret", "secret-of-relay",
                        CLIENT + "registration.op.scope", "openid,profile"))
                .run(arguments);
    }
}
