package dev.latchkey.gateway.routes.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import java.util.Comparator;

/**
 * An SRV record (RFC 2782).
 *
 * @param weight of zero: hardly any requests while another has more
 * @param target a name with a dot at its end; only the dot: the service is decidedly not there
 */
record ServiceRecord(int priority, int weight, int port, String target) {

    static final Comparator<ServiceRecord> ORDER = Comparator.comparingInt(ServiceRecord::priority)
            .thenComparing(ServiceRecord::target)
            .thenComparingInt(ServiceRecord::port);

    private static final double HARDLY_ANY = 0.01;

    static ServiceRecord decode(ByteBuf data) {
        return new ServiceRecord(
                data.readUnsignedShort(),
                data.readUnsignedShort(),
                data.readUnsignedShort(),
                DefaultDnsRecordDecoder.decodeName(data));
    }

    boolean isUsable() {
        return port > 0 && !target.equals(".");
    }

    /** @param addresses how many share it */
    double share(int addresses) {
        return (weight == 0 ? HARDLY_ANY : weight) / addresses;
    }
}
