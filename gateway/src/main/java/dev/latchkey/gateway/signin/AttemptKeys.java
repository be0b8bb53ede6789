package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.pipeline.forwarding.ClientNetwork;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Base64;

/** The counters' names in Redis: hashes, for neither names nor addresses are to be read there. */
final class AttemptKeys {

    private static final int LONGEST_NAME = 512;

    private AttemptKeys() {}

    static String ofAddress(String address) {
        return "latchkey:attempts:address:" + hash(ClientNetwork.of(address));
    }

    static String ofNameAndAddress(String name, String address) {
        return "latchkey:attempts:pair:" + hash(normal(name) + "\n" + ClientNetwork.of(address));
    }

    static String ofName(String name) {
        return "latchkey:attempts:name:" + hash(normal(name));
    }

    private static String normal(String name) {
        String shortened = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        return Normalizer.normalize(shortened, Normalizer.Form.NFKC);
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
