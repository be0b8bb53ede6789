import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a signature and its verification cost, in microseconds of processor time, by algorithm and provider. Each signs with a
 * private key of its own, as in the gateway, where it can convert the JDK's.
 */
public final class Signatures {

    private static final List<String> PROVIDERS = List.of(
            "org.conscrypt.OpenSSLProvider",
            "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider",
            "org.bouncycastle.jce.provider.BouncyCastleProvider");
    private static final int ROUNDS = 7;
    private static final long NANOS = 300_000_000L;
    private static final byte[] MESSAGE = new byte[400];
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Signatures() {}

    /** One algorithm by one provider; null for the JDK's own. */
    private record Way(String algorithm, KeyPair keys, Provider provider) {

        byte[] sign() throws GeneralSecurityException {
            Signature signature = signature();
            signature.initSign(keys.getPrivate());
            signature.update(MESSAGE);
            return signature.sign();
        }

        boolean verify(byte[] signed) throws GeneralSecurityException {
            Signature signature = signature();
            signature.initVerify(keys.getPublic());
            signature.update(MESSAGE);
            return signature.verify(signed);
        }

        private Signature signature() throws GeneralSecurityException {
            return provider == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, provider);
        }
    }

    private interface Operation {
        Object run() throws GeneralSecurityException;
    }

    public static void main(String[] unused) throws GeneralSecurityException {
        System.out.println("JDK " + System.getProperty("java.version"));
        measure("RS256", "SHA256withRSA", "RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
        measure("ES256", "SHA256withECDSA", "EC", new ECGenParameterSpec("secp256r1"));
        measure("EdDSA", "Ed25519", "Ed25519", null);
    }

    private static void measure(String name, String algorithm, String type, AlgorithmParameterSpec size)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        if (size != null) {
            generator.initialize(size);
        }
        KeyPair keys = generator.generateKeyPair();
        for (Provider provider : providers()) {
            Way way = new Way(algorithm, own(keys, type, provider), provider);
            byte[] signed = way.sign();
            if (!new Way(algorithm, keys, null).verify(signed)) {
                throw new IllegalStateException("the JDK does not verify what " + provider + " signed");
            }
            System.out.printf(
                    "%-6s %-30s sign %7.1f us   verify %7.1f us%n",
                    name, provider == null ? "JDK" : provider.getName(), median(way::sign), median(() -> way.verify(signed)));
        }
    }

    private static KeyPair own(KeyPair keys, String type, Provider provider) throws GeneralSecurityException {
        if (provider == null) {
            return keys;
        }
        try {
            KeyFactory factory = KeyFactory.getInstance(type, provider);
            return new KeyPair(keys.getPublic(), (PrivateKey) factory.translateKey(keys.getPrivate()));
        } catch (InvalidKeyException unknown) {
            return keys;
        }
    }

    private static List<Provider> providers() {
        List<Provider> found = new ArrayList<>();
        found.add(null);
        for (String name : PROVIDERS) {
            try {
                found.add((Provider) Class.forName(name).getConstructor().newInstance());
            } catch (ReflectiveOperationException | LinkageError missing) {
                // It is not on the class path, or does not load here.
            }
        }
        return found;
    }

    /** The first rounds let the compiler work and do not count. */
    private static double median(Operation operation) throws GeneralSecurityException {
        for (int i = 0; i < ROUNDS; i++) {
            time(operation);
        }
        double[] times = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            times[i] = time(operation);
        }
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }

    private static double time(Operation operation) throws GeneralSecurityException {
        long start = THREADS.getCurrentThreadCpuTime();
        long spent = 0;
        int count = 0;
        while (spent < NANOS) {
            for (int i = 0; i < 10; i++) {
                operation.run();
            }
            count += 10;
            spent = THREADS.getCurrentThreadCpuTime() - start;
        }
        return spent / 1000.0 / count;
    }
}
