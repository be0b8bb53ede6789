package dev.latchkey.gateway.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.conscrypt.Conscrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Conscrypt, where its native library loads: on Linux with glibc, x86_64 and ARM, if a library may be loaded from the
 * folder for temporary files. It is handed to those that sign and verify, and not installed for anything else.
 */
public final class NativeSignatures {

    private static final Logger LOGGER = LoggerFactory.getLogger(NativeSignatures.class);

    private static final String ECDSA = "SHA256withECDSA";

    private static final Optional<Provider> PROVIDER = load();

    private NativeSignatures() {}

    /** Empty where only the JDK's own provider is there, which signs all the same, and slower. */
    public static Optional<Provider> provider() {
        return PROVIDER;
    }

    /**
     * The same key as the provider's own; unchanged where there is no provider, or one that cannot. From another's key
     * it would make its own again for each signature, which takes about as long as an ES256 signature itself.
     */
    public static PrivateKey translate(PrivateKey key) {
        return PROVIDER.map(provider -> translate(key, provider)).orElse(key);
    }

    private static PrivateKey translate(PrivateKey key, Provider provider) {
        try {
            return (PrivateKey)
                    KeyFactory.getInstance(key.getAlgorithm(), provider).translateKey(key);
        } catch (GeneralSecurityException unknown) {
            return key;
        }
    }

    private static Optional<Provider> load() {
        try {
            if (Conscrypt.isAvailable()) {
                Provider provider = Conscrypt.newProviderBuilder()
                        .provideTrustManager(false)
                        .build();
                return works(provider) ? Optional.of(provider) : Optional.empty();
            }
        } catch (GeneralSecurityException | LinkageError | RuntimeException unusable) {
            LOGGER.debug("Conscrypt cannot be used: {}", unusable.getClass().getName());
        }
        LOGGER.info(
                "Conscrypt does not load here: identity tokens are signed by the JDK's own provider, which is slower");
        return Optional.empty();
    }

    /** The JDK verifies what it signs. */
    private static boolean works(Provider provider) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Signature signing = Signature.getInstance(ECDSA, provider);
        signing.initSign(translate(pair.getPrivate(), provider));
        signing.update(new byte[1]);
        Signature verifying = Signature.getInstance(ECDSA);
        verifying.initVerify(pair.getPublic());
        verifying.update(new byte[1]);
        return verifying.verify(signing.sign());
    }
}
