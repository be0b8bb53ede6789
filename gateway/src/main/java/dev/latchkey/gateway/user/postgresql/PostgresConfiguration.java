package dev.latchkey.gateway.user.postgresql;

import dev.latchkey.gateway.startup.LoopbackHost;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersProperties;
import dev.latchkey.gateway.user.store.UserStore;
import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.r2dbc.core.DatabaseClient;

/** Reaches the database as {@code spring.r2dbc} says, and safely where it says nothing. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnUserSource(UserSource.POSTGRESQL)
@Import(R2dbcAutoConfiguration.class)
class PostgresConfiguration {

    @Bean
    UserStore postgresUserStore(ConnectionFactory connections, PostgresProperties properties) {
        return new PostgresUserStore(DatabaseClient.create(connections), properties);
    }

    /** The driver's own defaults are no TLS, ten seconds to connect, and statements without end. */
    @Bean
    ConnectionFactoryOptionsBuilderCustomizer postgresDefaults(UsersProperties users) {
        return options -> {
            ConnectionFactoryOptions set = options.build();
            byDefault(options, set, ConnectionFactoryOptions.CONNECT_TIMEOUT, users.timeout());
            byDefault(options, set, PostgresqlConnectionFactoryProvider.STATEMENT_TIMEOUT, users.timeout());
            byDefault(options, set, PostgresqlConnectionFactoryProvider.TCP_KEEPALIVE, true);
            byDefault(options, set, PostgresqlConnectionFactoryProvider.APPLICATION_NAME, "latchkey");
            if (!isThisMachine(set) && !set.hasOption(PostgresqlConnectionFactoryProvider.SSL_MODE_ALIAS)) {
                byDefault(options, set, PostgresqlConnectionFactoryProvider.SSL_MODE, SSLMode.VERIFY_FULL);
            }
        };
    }

    private static boolean isThisMachine(ConnectionFactoryOptions options) {
        boolean isLocalHost =
                options.getValue(ConnectionFactoryOptions.HOST) instanceof String host && LoopbackHost.is(host);
        return isLocalHost || options.hasOption(PostgresqlConnectionFactoryProvider.SOCKET);
    }

    private static <T> void byDefault(
            ConnectionFactoryOptions.Builder options, ConnectionFactoryOptions set, Option<T> option, T value) {
        if (!set.hasOption(option)) {
            options.option(option, value);
        }
    }
}
