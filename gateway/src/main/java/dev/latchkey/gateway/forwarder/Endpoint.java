package dev.latchkey.gateway.forwarder;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jspecify.annotations.Nullable;

/**
 * Where a backend is and how it is spoken to. Equal endpoints share their connections, so a route makes its endpoint
 * once, and not for each request.
 */
public final class Endpoint {

    private final String host;
    private final int port;
    private final @Nullable BackendTls tls;
    private final InetSocketAddress address;
    private final List<SNIServerName> serverNames;
    private final int hash;
    private final String authority;

    private Endpoint(String host, int port, @Nullable BackendTls tls, @Nullable InetSocketAddress found) {
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        this.host = isBracketed ? host.substring(1, host.length() - 1) : host;
        this.port = port;
        this.tls = tls;
        InetSocketAddress own = address(this.host, port);
        this.address = found == null ? own : found;
        this.serverNames = serverNames(this.host, own.isUnresolved());
        this.hash = Objects.hash(this.host, address, tls);
        this.authority = authority(this.host, port, tls == null ? 80 : 443);
    }

    /**
     * Speaks HTTP in the clear.
     *
     * @param host a name, or an address, that of IPv6 with or without brackets
     */
    public static Endpoint plain(String host, int port) {
        return new Endpoint(host, port, null, null);
    }

    /** Speaks HTTP through TLS; the host is sent as server name (SNI) and must be in the backend's certificate. */
    public static Endpoint secure(String host, int port, BackendTls tls) {
        return new Endpoint(host, port, tls, null);
    }

    /**
     * The same backend at one of its addresses: {@code Host}, SNI and the certificate's check go by the name as before.
     *
     * @param found is connected to, instead of what name servers say of the host; resolved
     */
    public Endpoint at(InetSocketAddress found) {
        if (found.isUnresolved()) {
            throw new IllegalArgumentException("without an address");
        }
        return new Endpoint(host, port, tls, found);
    }

    private static String authority(String host, int port, int usual) {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == usual ? name : name + ":" + port;
    }

    /** What a request for it has as {@code Host}: without the port that the scheme implies (RFC 9110 section 7.2). */
    public String authority() {
        return authority;
    }

    private static InetSocketAddress address(String host, int port) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return literal == null
                    ? InetSocketAddress.createUnresolved(host, port)
                    : new InetSocketAddress(InetAddress.getByAddress(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * RFC 6066 section 3: without the dot that may end a name. Of names that are not host names (with an underscore,
     * say), none is sent.
     */
    private static List<SNIServerName> serverNames(String host, boolean isName) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        try {
            return isName ? List.of(new SNIHostName(name)) : List.of();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    @Nullable
    BackendTls tls() {
        return tls;
    }

    /** Resolved if the host is an address, or one of its addresses is meant. */
    InetSocketAddress address() {
        return address;
    }

    /** What TLS says of whom it asks for. */
    List<SNIServerName> serverNames() {
        return serverNames;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Endpoint that
                        && hash == that.hash
                        && port == that.port
                        && host.equals(that.host)
                        && address.equals(that.address)
                        && Objects.equals(tls, that.tls));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        String name = (tls == null ? "http://" : "https://") + authority(host, port, -1);
        return address.equals(address(host, port)) ? name : name + " at " + NetUtil.toSocketAddressString(address);
    }
}
