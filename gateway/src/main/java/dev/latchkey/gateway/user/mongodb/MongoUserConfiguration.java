package dev.latchkey.gateway.user.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.reactivestreams.client.MongoClient;
import dev.latchkey.gateway.startup.LoopbackHost;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersProperties;
import dev.latchkey.gateway.user.store.UserStore;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.mongodb.autoconfigure.MongoConnectionDetails;
import org.springframework.boot.mongodb.autoconfigure.MongoProperties;
import org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reaches the database as {@code spring.mongodb} says, within limits, and safely where it says nothing. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnUserSource(UserSource.MONGODB)
@Import(MongoReactiveAutoConfiguration.class)
class MongoUserConfiguration {

    @Bean
    UserStore mongoUserStore(
            MongoClient client,
            MongoConnectionDetails connection,
            MongoUserProperties properties,
            UsersProperties users) {
        String database = Optional.ofNullable(connection.getConnectionString().getDatabase())
                .orElseThrow(() -> new StartupException(
                        "spring.mongodb.database must be set to the database with the users, or spring.mongodb.uri end"
                                + " with it"));
        return new MongoUserStore(
                client.getDatabase(database).getCollection(properties.collection()), properties, users.timeout());
    }

    /** After Boot's own: the driver's defaults are no TLS, 100 connections and half a minute for a server. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    MongoClientSettingsBuilderCustomizer mongoLimits(
            MongoConnectionDetails connection,
            MongoProperties mongo,
            MongoUserProperties properties,
            UsersProperties users) {
        boolean mustBeEncrypted = mustBeEncrypted(connection.getConnectionString(), mongo);
        return settings -> limit(
                settings,
                mustBeEncrypted,
                properties.connections(),
                users.timeout().toMillis());
    }

    private static void limit(MongoClientSettings.Builder settings, boolean tls, int connections, long timeout) {
        settings.applicationName("latchkey")
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(timeout, TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(pool -> pool.minSize(0)
                        .maxSize(connections)
                        .maxConnecting(2)
                        .maxWaitTime(timeout, TimeUnit.MILLISECONDS)
                        .maxConnectionIdleTime(5, TimeUnit.MINUTES))
                .applyToSocketSettings(socket -> socket.connectTimeout(timeout, TimeUnit.MILLISECONDS)
                        .readTimeout(timeout, TimeUnit.MILLISECONDS));
        if (tls) {
            settings.applyToSslSettings(ssl -> ssl.enabled(true));
        }
    }

    /** Unless the settings say something about it, passwords' hashes go in the clear over no network. */
    private static boolean mustBeEncrypted(ConnectionString connection, MongoProperties mongo) {
        return connection.getSslEnabled() == null
                && !mongo.getSsl().isEnabled()
                && !connection.getHosts().stream().allMatch(MongoUserConfiguration::isThisMachine);
    }

    private static boolean isThisMachine(String address) {
        int port = address.lastIndexOf(':');
        boolean hasPort = port > 0 && (address.startsWith("[") ? address.charAt(port - 1) == ']' : true);
        return LoopbackHost.is(hasPort ? address.substring(0, port) : address);
    }
}
