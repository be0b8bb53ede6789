package dev.latchkey.gateway.provider;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.provider.transport.Sent;
import dev.latchkey.gateway.reload.FileLocation;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;

/**
 * Proves to a provider who the gateway is: by a secret (RFC 6749 section 2.3.1) or by an assertion that a private key
 * signs (RFC 7523). The file is read for each request, so that a new secret needs no restart; nothing of it is kept,
 * printed or part of a message. Blocks.
 */
final class ClientCredentials {

    private static final ThrottledLog LOG =
            new ThrottledLog(LoggerFactory.getLogger(ClientCredentials.class), Level.WARN);
    private static final int MOST_BYTES = 16 * 1024;
    private static final String PEM = "-----BEGIN PRIVATE KEY-----";

    private ClientCredentials() {}

    /** What is wrong with a provider's file now, in a sentence that holds nothing of it. */
    static Optional<String> fault(ProviderSettings settings) {
        try {
            Path secret = settings.clientSecretFile();
            if (secret != null) {
                read(secret);
            } else {
                key(settings);
            }
            return Optional.empty();
        } catch (UnusableException unusable) {
            return Optional.of(unusable.sentence);
        }
    }

    /**
     * Posts a form with them to the token endpoint, or to one that takes the same; if there are none, not a byte. The
     * provider's metadata is known.
     */
    static Mono<Sent> post(
            Provider provider,
            ClientType client,
            URI endpoint,
            Map<String, String> headers,
            Map<String, String> form,
            Duration within) {
        return send(
                provider,
                client,
                headers,
                form,
                (fields, whole) -> provider.transport().post(endpoint, fields, whole, within));
    }

    /**
     * Posts an authorization request with those of the confidential client (RFC 9126 section 2.1), as {@link #post}.
     */
    static Mono<Sent> push(Provider provider, URI endpoint, Map<String, String> form, Duration within) {
        return send(
                provider,
                ClientType.CONFIDENTIAL,
                Map.of(),
                form,
                (fields, whole) -> provider.transport().push(endpoint, fields, whole, within));
    }

    private static Mono<Sent> send(
            Provider provider,
            ClientType client,
            Map<String, String> headers,
            Map<String, String> form,
            BiFunction<Map<String, String>, String, Mono<Sent>> by) {
        Map<String, String> fields = new LinkedHashMap<>(headers);
        Map<String, String> whole = new LinkedHashMap<>(form);
        try {
            if (client == ClientType.PUBLIC) {
                whole.put("client_id", nativeId(provider.settings()));
            } else {
                add(provider.settings(), provider.metadata().orElseThrow(), fields, whole);
            }
        } catch (UnusableException unusable) {
            LOG.write("A provider's client cannot be authenticated", unusable.sentence);
            return Mono.just(new Sent.Unsent("no credentials"));
        }
        return by.apply(fields, TokenCalls.encoded(whole));
    }

    /** All that a public client says (RFC 6749 section 3.2.1). */
    private static String nativeId(ProviderSettings settings) throws UnusableException {
        return settings.clientId(ClientType.PUBLIC)
                .orElseThrow(() -> new UnusableException("native-client-id is not set, but a session has its tokens"));
    }

    private static void add(
            ProviderSettings settings, Metadata metadata, Map<String, String> headers, Map<String, String> form)
            throws UnusableException {
        ClientID client = new ClientID(settings.clientId());
        Path file = settings.clientSecretFile();
        if (file == null) {
            form.put("client_id", settings.clientId());
            form.put("client_assertion_type", PrivateKeyJWT.CLIENT_ASSERTION_TYPE);
            form.put("client_assertion", assertion(settings, metadata));
        } else if (metadata.takesSecretInForm()) {
            form.put("client_id", settings.clientId());
            form.put("client_secret", read(file));
        } else {
            headers.put(
                    "Authorization", new ClientSecretBasic(client, new Secret(read(file))).toHTTPAuthorizationHeader());
        }
    }

    private static String assertion(ProviderSettings settings, Metadata metadata) throws UnusableException {
        String audience =
                settings.preset().wantsEndpointAudience() ? metadata.token().toString() : settings.issuer();
        JWTAuthenticationClaimsSet claims =
                new JWTAuthenticationClaimsSet(new ClientID(settings.clientId()), new Audience(audience));
        SigningKey key = key(settings);
        try {
            return new PrivateKeyJWT(claims, key.algorithm, key.key, key.id, null)
                    .getClientAssertion()
                    .serialize();
        } catch (JOSEException | RuntimeException unusable) {
            throw new UnusableException("the key of private-key-file cannot sign");
        }
    }

    /** Its last line may end as lines do. */
    private static String read(Path file) throws UnusableException {
        try {
            byte[] bytes = FileLocation.read(file, MOST_BYTES + 1);
            String text = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
            if (bytes.length > MOST_BYTES || text.isEmpty()) {
                throw new UnusableException("the file " + file + " is empty, or longer than 16 kB");
            }
            return text;
        } catch (IOException unreadable) {
            throw new UnusableException("the file " + file + " cannot be read ("
                    + unreadable.getClass().getSimpleName() + ")");
        }
    }

    /** A JWK (RFC 7517), or PKCS #8 in PEM (RFC 7468 section 10). */
    private static SigningKey key(ProviderSettings settings) throws UnusableException {
        Path file = settings.privateKeyFile();
        if (file == null) {
            throw new UnusableException("neither client-secret-file nor private-key-file is set");
        }
        String text = read(file);
        try {
            return text.startsWith("{") ? ofJwk(JWK.parse(text)) : ofPem(text);
        } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException unusable) {
            throw new UnusableException(
                    "the file " + file + " holds no private key: neither a JWK nor PKCS #8 in PEM," + " RSA or EC");
        }
    }

    private static SigningKey ofJwk(JWK key) throws JOSEException {
        PrivateKey secret =
                key instanceof RSAKey rsa ? rsa.toPrivateKey() : key.toECKey().toPrivateKey();
        JWSAlgorithm algorithm = key.getAlgorithm() == null
                ? algorithm(secret)
                : JWSAlgorithm.parse(key.getAlgorithm().getName());
        return new SigningKey(Objects.requireNonNull(secret), algorithm, key.getKeyID());
    }

    private static SigningKey ofPem(String text) throws GeneralSecurityException, JOSEException {
        String body = text.substring(text.indexOf(PEM) + PEM.length(), text.indexOf("-----END PRIVATE KEY-----"));
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
        PrivateKey key = text.contains(PEM) ? decode(spec) : null;
        return new SigningKey(Objects.requireNonNull(key), algorithm(key), null);
    }

    private static PrivateKey decode(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(spec);
        } catch (GeneralSecurityException noRsa) {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        }
    }

    private static JWSAlgorithm algorithm(PrivateKey key) throws JOSEException {
        return key instanceof ECPrivateKey ec ? ECDSA.resolveAlgorithm(ec) : JWSAlgorithm.RS256;
    }

    /** What signs; its {@code toString} hides it. */
    private record SigningKey(
            PrivateKey key,
            JWSAlgorithm algorithm,
            @Nullable String id) {

        @Override
        public String toString() {
            return "SigningKey[hidden]";
        }
    }

    /** The file cannot be used now. */
    private static final class UnusableException extends Exception {

        private static final long serialVersionUID = 1L;

        private final String sentence;

        UnusableException(String sentence) {
            super(sentence, null, false, false);
            this.sentence = sentence;
        }
    }
}
