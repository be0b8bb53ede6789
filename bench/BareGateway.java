import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ldap.autoconfigure.LdapAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;

/**
 * Spring Cloud Gateway from the same jar, without anything of ours and without the stores of users: one route, no meters of
 * its own unless arguments switch them on, as the framework's defaults do, and no look at who is asking. For comparison by
 * ways.sh, which compiles it against the jar; {@code --upstream} is where it leads.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        exclude = {R2dbcAutoConfiguration.class, MongoReactiveAutoConfiguration.class, LdapAutoConfiguration.class})
public class BareGateway {

    private static final String GATEWAY = "spring.cloud.gateway.server.webflux.";

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(BareGateway.class)
                .properties(Map.of(
                        "spring.config.location", "optional:file:/nowhere/",
                        "spring.data.redis.repositories.enabled", "false",
                        GATEWAY + "metrics.enabled", "false",
                        GATEWAY + "observability.enabled", "false",
                        GATEWAY + "routes[0].id", "api",
                        GATEWAY + "routes[0].uri", "${upstream}",
                        GATEWAY + "routes[0].predicates[0]", "Path=/api/**"))
                .run(arguments);
    }
}
