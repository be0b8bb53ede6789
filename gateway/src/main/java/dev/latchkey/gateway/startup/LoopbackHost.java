package dev.latchkey.gateway.startup;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Whether what is sent to a host stays on this machine, so that it need not be encrypted. */
public final class LoopbackHost {

    private LoopbackHost() {}

    /**
     * By its text, because what a name server says is not believed: {@code localhost} (RFC 6761 section 6.3) and the
     * loopback addresses (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
     *
     * @param host as in a URI or alone: an IPv6 address with brackets or without
     */
    public static boolean is(@Nullable String host) {
        if (host == null) {
            return false;
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        return host.equalsIgnoreCase("localhost") || (address != null && address.isLoopbackAddress());
    }
}
