package dev.latchkey.gateway.testing.tls;

import dev.latchkey.gateway.crypto.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key and its certificate for {@code localhost} and {@code 127.0.0.1}, signed by itself, in files. */
public final class LocalCertificate {

    private static final String ALIAS = "local";
    private static final String PASSWORD = "changeit";

    private final Path folder;

    private LocalCertificate(Path folder) {
        this.folder = folder;
    }

    /** Makes a new one. */
    public static LocalCertificate in(Path folder) {
        LocalCertificate made = new LocalCertificate(folder);
        try {
            made.write();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("no certificate", failure);
        }
        return made;
    }

    /** In PEM. */
    public Path certificate() {
        return folder.resolve("certificate.pem");
    }

    /** In PEM, not encrypted. */
    public Path key() {
        return folder.resolve("key.pem");
    }

    /** For a server that has it. */
    public SSLContext own() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("local.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** SHA-256 of its public key in base64, as browsers are told which one to trust. */
    public String fingerprint() {
        try (InputStream in = Files.newInputStream(certificate())) {
            byte[] key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey()
                    .getEncoded();
            return Base64.getEncoder().encodeToString(Sha256.of(key));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("no certificate", failure);
        }
    }

    /** For clients that trust it, and no other. */
    public SSLContext trusted() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        try (InputStream in = Files.newInputStream(certificate())) {
            store.setCertificateEntry(
                    ALIAS, CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void write() throws IOException, GeneralSecurityException {
        Path store = folder.resolve("local.p12");
        keytool(store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        write(key(), "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
        write(certificate(), "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
    }

    private static void keytool(Path store) throws IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String options = "-genkeypair -alias " + ALIAS + " -keyalg RSA -keysize 2048 -validity 2 -dname CN=localhost"
                + " -ext SAN=dns:localhost,ip:127.0.0.1 -storetype PKCS12 -storepass " + PASSWORD;
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of(options.split(" ", -1)));
        command.addAll(List.of("-keystore", store.toString()));
        Process made = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (made.onExit().join().exitValue() != 0) {
            throw new IllegalStateException("keytool made no certificate");
        }
    }

    private static void write(Path file, String what, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what));
    }
}
