package dev.latchkey.gateway.testing.redis;

import dev.latchkey.gateway.testing.Ports;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/**
 * A server that also listens with TLS, with a certificate made for it; the tests' own server cannot, so an installed
 * one.
 */
public final class TlsRedis implements AutoCloseable {

    private final Path folder;
    private final LocalCertificate certificate;
    private final int tlsPort = Ports.free();
    private final RedisProcess process;

    private TlsRedis(File server) throws IOException {
        folder = Files.createTempDirectory("latchkey-tls");
        certificate = LocalCertificate.in(folder);
        process = RedisProcess.start(
                server,
                "tls-port " + tlsPort,
                "tls-cert-file " + certificate.certificate(),
                "tls-key-file " + certificate.key(),
                "tls-ca-cert-file " + certificate.certificate(),
                "tls-auth-clients no");
    }

    /** Empty where no server is installed; Debian's has TLS. */
    public static Optional<TlsRedis> start() {
        return RedisProcess.installed().map(server -> {
            try {
                return new TlsRedis(server);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    public RedisProcess process() {
        return process;
    }

    public int tlsPort() {
        return tlsPort;
    }

    /** With TLS, and trust only in what the machine trusts. */
    public Map<String, Object> untrustedProperties() {
        return Map.of(
                "spring.data.redis.host",
                "localhost",
                "spring.data.redis.port",
                tlsPort,
                "spring.data.redis.ssl.enabled",
                true);
    }

    /** With TLS, and trust in this server's certificate. */
    public Map<String, Object> properties() {
        return Map.of(
                "spring.data.redis.host",
                "localhost",
                "spring.data.redis.port",
                tlsPort,
                "spring.data.redis.ssl.bundle",
                "redis",
                "spring.ssl.bundle.pem.redis.truststore.certificate",
                "file:" + certificate.certificate());
    }

    @Override
    public void close() {
        process.close();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
