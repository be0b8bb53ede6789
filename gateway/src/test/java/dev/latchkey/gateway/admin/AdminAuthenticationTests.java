package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

final class AdminAuthenticationTests {

    /** As all events have it: an index refuses a zone in a field of addresses. */
    @Test
    void addressWhenOfIpv6ThenTheShortTextWithoutItsZone() throws UnknownHostException {
        byte[] linkLocal = NetUtil.createByteArrayFromIpAddressString("fe80::1");
        assertThat(address(Inet6Address.getByAddress("", linkLocal, 2))).isEqualTo("fe80::1");
        assertThat(address(NetUtil.createInetAddressFromIpAddressString("::1"))).isEqualTo("::1");
        assertThat(address(NetUtil.createInetAddressFromIpAddressString("192.0.2.1")))
                .isEqualTo("192.0.2.1");
    }

    private static String address(InetAddress of) {
        return AdminAuthentication.address(MockServerHttpRequest.get("/admin/api/sessions")
                .remoteAddress(new InetSocketAddress(of, 1))
                .build());
    }
}
