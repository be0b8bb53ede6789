package dev.latchkey.gateway.user.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.connection.SslSettings;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.internal.MongoClientImpl;
import dev.latchkey.gateway.user.UsersProperties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Nobody hears hashes on the way to MongoDB unless somebody says that they may. */
final class MongoTlsTests {

    @ParameterizedTest
    @CsvSource({
        "mongodb://192.0.2.1/shop, true",
        "'mongodb://127.0.0.1,192.0.2.1/shop', true",
        "mongodb://[2001:db8::1]:27017/shop, true",
        "mongodb://192.0.2.1/shop?tls=true, true",
        "mongodb://192.0.2.1/shop?tls=false, false",
        "mongodb://127.0.0.1/shop, false",
        "'mongodb://127.0.0.2:27017,localhost/shop', false",
        "mongodb://[::1]:27017/shop, false",
        "mongodb://localhost:27017/shop, false"
    })
    void connectionWhenOverANetworkThenEncryptedAndVerifiedUnlessSaidOtherwise(String uri, boolean isEncrypted) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withUserConfiguration(MongoUserConfiguration.class, Properties.class)
                .withPropertyValues("latchkey.users.source=mongodb", "spring.mongodb.uri=" + uri)
                .run(context -> {
                    SslSettings settings = ((MongoClientImpl) context.getBean(MongoClient.class))
                            .getSettings()
                            .getSslSettings();
                    assertThat(settings.isEnabled()).isEqualTo(isEncrypted);
                    assertThat(settings.isInvalidHostNameAllowed()).isFalse();
                });
    }

    @EnableConfigurationProperties({UsersProperties.class, MongoUserProperties.class})
    static final class Properties {}
}
