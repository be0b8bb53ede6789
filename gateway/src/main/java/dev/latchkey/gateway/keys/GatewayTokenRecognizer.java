package dev.latchkey.gateway.keys;

/** Tells the gateway's own tokens from foreign ones without verifying them, so that ours never leave for a backend. */
public interface GatewayTokenRecognizer {

    /**
     * Whether this compact JWS names a key of the gateway, or a type of the gateway that no other issuer claims; false
     * for anything unreadable.
     */
    boolean isOurs(String compactToken);
}
