package dev.latchkey.gateway.redis;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * A server that also listens with TLS, with a certificate made for it; the tests' own server cannot, so an installed
 * one.
 */
public final class TlsRedis implements AutoCloseable {

    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final int tlsPort = RedisProcess.freePort();
    private final RedisProcess process;

    private TlsRedis(File server) throws IOException, GeneralSecurityException {
        folder = Files.createTempDirectory("latchkey-tls");
        makeCertificate();
        process = RedisProcess.start(
                server,
                "tls-port " + tlsPort,
                "tls-cert-file " + certificate(),
                "tls-key-file " + folder.resolve("key.pem"),
                "tls-ca-cert-file " + certificate(),
                "tls-auth-clients no");
    }

    /** Empty where no server is installed; Debian's has TLS. */
    public static Optional<TlsRedis> start() {
        return installed().map(server -> {
            try {
                return new TlsRedis(server);
            } catch (IOException | GeneralSecurityException failure) {
                throw new IllegalStateException("no TLS server", failure);
            }
        });
    }

    private static Optional<File> installed() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, "redis-server"))
                .filter(File::canExecute)
                .findFirst();
    }

    private void makeCertificate() throws IOException, GeneralSecurityException {
        Path store = folder.resolve("redis.p12");
        keytool(store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        byte[] key = keys.getKey("redis", PASSWORD.toCharArray()).getEncoded();
        write("key.pem", "PRIVATE KEY", key);
        write("certificate.pem", "CERTIFICATE", keys.getCertificate("redis").getEncoded());
    }

    private static void keytool(Path store) throws IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        tool,
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (made.onExit().join().exitValue() != 0) {
            throw new IllegalStateException("keytool made no certificate");
        }
    }

    private void write(String name, String what, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                folder.resolve(name), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what));
    }

    private Path certificate() {
        return folder.resolve("certificate.pem");
    }

    public RedisProcess process() {
        return process;
    }

    public int tlsPort() {
        return tlsPort;
    }

    /** With TLS, and trust in nobody but what the machine trusts. */
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
                "file:" + certificate());
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
