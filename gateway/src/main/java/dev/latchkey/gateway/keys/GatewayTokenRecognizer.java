package dev.latchkey.gateway.keys;

/** Tells the gateway's own tokens from foreign ones without verifying them, so that ours never leave for a backend. */
public interface GatewayTokenRecognizer {

    /**
     * Whether the JOSE header of this compact JWS names a key or a type of the gateway; false for anything unreadable.
     */
    boolean isOurs(String compactToken);
}
