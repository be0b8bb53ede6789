package dev.latchkey.gateway.proof;

import dev.latchkey.gateway.crypto.NativeSignatures;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Optional;

/** The curve P-256 (FIPS 186-4, D.1.2.3): which points lie on it, and how one is written in 33 bytes (SEC 1, 2.3.3). */
final class P256 {

    static final int COORDINATE_BYTES = 32;

    static final int POINT_BYTES = 1 + COORDINATE_BYTES;

    private static final byte EVEN = 2;
    private static final byte ODD = 3;

    private static final ECParameterSpec CURVE = curve();
    private static final BigInteger PRIME = ((ECFieldFp) CURVE.getCurve().getField()).getP();

    /** The prime leaves 3 when divided by 4, so that this power of a square is its root. */
    private static final BigInteger ROOT = PRIME.add(BigInteger.ONE).shiftRight(2);

    private P256() {}

    /** Whether the point of these coordinates lies on the curve; the point at infinity has none. */
    static boolean isOnCurve(BigInteger x, BigInteger y) {
        return x.compareTo(PRIME) < 0
                && y.compareTo(PRIME) < 0
                && y.modPow(BigInteger.TWO, PRIME).equals(square(x));
    }

    static byte[] compressed(BigInteger x, BigInteger y) {
        byte[] point = new byte[POINT_BYTES];
        point[0] = y.testBit(0) ? ODD : EVEN;
        System.arraycopy(coordinate(x), 0, point, 1, COORDINATE_BYTES);
        return point;
    }

    /** Empty if these bytes are no point of the curve. */
    static Optional<ECPoint> point(byte[] compressed) {
        if (compressed.length != POINT_BYTES || (compressed[0] != EVEN && compressed[0] != ODD)) {
            return Optional.empty();
        }
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(compressed, 1, POINT_BYTES));
        BigInteger root = square(x.mod(PRIME)).modPow(ROOT, PRIME);
        BigInteger y = root.testBit(0) == (compressed[0] == ODD) ? root : PRIME.subtract(root);
        return isOnCurve(x, y) ? Optional.of(new ECPoint(x, y)) : Optional.empty();
    }

    /** 32 bytes, with leading zeros (RFC 7518 section 6.2.1.2). */
    static byte[] coordinate(BigInteger value) {
        byte[] signed = value.toByteArray();
        byte[] bytes = new byte[COORDINATE_BYTES];
        int length = Math.min(signed.length, COORDINATE_BYTES);
        System.arraycopy(signed, signed.length - length, bytes, COORDINATE_BYTES - length, length);
        return bytes;
    }

    /** A key for the provider that verifies with it, so that it need not be translated for each signature. */
    static PublicKey key(ECPoint point) {
        try {
            KeyFactory factory = NativeSignatures.provider().isPresent()
                    ? KeyFactory.getInstance("EC", NativeSignatures.provider().get())
                    : KeyFactory.getInstance("EC");
            return factory.generatePublic(new ECPublicKeySpec(point, CURVE));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every provider has the curve P-256", impossible);
        }
    }

    /** The square of y that belongs to this x. */
    private static BigInteger square(BigInteger x) {
        return x.pow(3)
                .add(CURVE.getCurve().getA().multiply(x))
                .add(CURVE.getCurve().getB())
                .mod(PRIME);
    }

    private static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has the curve P-256", impossible);
        }
    }
}
