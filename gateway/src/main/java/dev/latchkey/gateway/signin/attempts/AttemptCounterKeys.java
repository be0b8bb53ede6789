package dev.latchkey.gateway.signin.attempts;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.token.SessionId;
import java.text.Normalizer;

/**
 * The counters' keys in Redis: hashes, because neither names nor addresses should be readable there. All of one name
 * lie in one slot, so that one script can look at them together.
 */
final class AttemptCounterKeys {

    private static final int LONGEST_NAME = 512;

    private AttemptCounterKeys() {}

    static String ofAddress(String address) {
        return "latchkey:attempts:address:" + Sha256.base64Url(IpAddresses.network(address));
    }

    static String ofSite(String address) {
        return "latchkey:attempts:site:" + Sha256.base64Url(IpAddresses.site(address));
    }

    static String ofNameAndAddress(String name, String address) {
        return "latchkey:attempts:pair:" + Sha256.base64Url(normal(name) + "\n" + IpAddresses.network(address));
    }

    static String ofName(String name) {
        return "latchkey:attempts:name:" + tag(name);
    }

    /** How often the name has signed in. */
    static String successes(String name) {
        return "latchkey:attempts:successes:" + tag(name);
    }

    /** The networks that the name has signed in from. */
    static String networks(String name) {
        return "latchkey:attempts:networks:" + tag(name);
    }

    /** One of them: it can be compared, and read only by someone who knows the name. */
    static String network(String name, String address) {
        return Sha256.base64Url(normal(name) + "\n" + IpAddresses.site(address));
    }

    /** What a network that is exempt from the name's limit has tried. */
    static String exemptNetwork(String name, String address) {
        return "latchkey:attempts:exempt:" + tag(name) + ":" + network(name, address);
    }

    /** The same of a browser that holds a live session of the name. */
    static String exemptSession(String name, SessionId session) {
        return "latchkey:attempts:exempt:" + tag(name) + ":"
                + session.publicId().value();
    }

    private static String tag(String name) {
        return "{" + Sha256.base64Url(normal(name)) + "}";
    }

    private static String normal(String name) {
        String normal = Normalizer.normalize(name, Normalizer.Form.NFKC);
        return normal.length() > LONGEST_NAME ? normal.substring(0, LONGEST_NAME) : normal;
    }
}
