package dev.latchkey.gateway.routes.dns;

import dev.latchkey.gateway.pipeline.backend.Endpoints;
import dev.latchkey.gateway.routes.dns.NameAnswer.Failed;
import dev.latchkey.gateway.routes.dns.NameAnswer.Found;
import dev.latchkey.gateway.routes.dns.NameAnswer.Missing;
import dev.latchkey.gateway.routes.dns.RecordQuery.Records;
import dev.latchkey.gateway.routes.upstream.Destination;
import dev.latchkey.gateway.routes.upstream.DnsLookup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Looks one name up, as often as it is asked to. Of IPv4 and IPv6 the preferred one counts, and the other only where
 * there is none of it: a backend with an address of each kind is one backend. Only for the resolver's event loop.
 */
final class NameQuery {

    /** Beyond, addresses are left out: each has connections of its own on each event loop. */
    static final int MOST = 64;

    private final DnsLookup lookup;
    private final RecordQuery records;

    /** What the targets of SRV records were found to be, for the time when one of them cannot be looked up. */
    private Map<String, List<InetAddress>> known = Map.of();

    NameQuery(DnsLookup lookup, RecordQuery records) {
        this.lookup = lookup;
        this.records = records;
    }

    /** @param receiver is called once */
    void send(Consumer<NameAnswer> receiver) {
        if (lookup.service().isPresent()) {
            records.send(lookup.name(), DnsRecordType.SRV, ServiceRecord::decode, found -> service(found, receiver));
        } else {
            addresses(lookup.name(), found -> receiver.accept(answer(found)));
        }
    }

    private NameAnswer answer(Records<InetAddress> found) {
        if (found.isFailed()) {
            return new Failed(found.failure());
        }
        int port = Endpoints.port(lookup.dns());
        List<Destination> destinations = found.values().stream()
                .map(address -> Destination.of(new InetSocketAddress(address, port)))
                .toList();
        return answer(destinations, found.ttl());
    }

    private static NameAnswer answer(List<Destination> destinations, Duration ttl) {
        return destinations.isEmpty()
                ? new Missing()
                : new Found(destinations.subList(0, Math.min(MOST, destinations.size())), ttl);
    }

    private void addresses(String host, Consumer<Records<InetAddress>> receiver) {
        boolean prefersSix = NetUtil.isIpV6AddressesPreferred();
        DnsRecordType first = prefersSix ? DnsRecordType.AAAA : DnsRecordType.A;
        DnsRecordType second = prefersSix ? DnsRecordType.A : DnsRecordType.AAAA;
        addresses(host, first, found -> {
            if (found.isMissing() && !NetUtil.isIpV4StackPreferred()) {
                addresses(host, second, receiver);
            } else {
                receiver.accept(found);
            }
        });
    }

    private void addresses(String host, DnsRecordType type, Consumer<Records<InetAddress>> receiver) {
        records.send(
                host,
                type,
                NameQuery::address,
                found -> receiver.accept(new Records<>(
                        found.values().stream()
                                .distinct()
                                .sorted(Comparator.comparing(InetAddress::getAddress, Arrays::compareUnsigned))
                                .toList(),
                        found.ttl(),
                        found.failure())));
    }

    private static InetAddress address(ByteBuf data) {
        try {
            return InetAddress.getByAddress(ByteBufUtil.getBytes(data));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + data.readableBytes() + " bytes", e);
        }
    }

    private void service(Records<ServiceRecord> found, Consumer<NameAnswer> receiver) {
        List<ServiceRecord> usable = found.values().stream()
                .filter(ServiceRecord::isUsable)
                .distinct()
                .sorted(ServiceRecord.ORDER)
                .limit(MOST)
                .toList();
        if (found.isFailed()) {
            receiver.accept(new Failed(found.failure()));
        } else if (usable.isEmpty()) {
            receiver.accept(new Missing());
        } else {
            new Hosts(usable, found.ttl(), receiver).send();
        }
    }

    /** The addresses of all hosts that SRV records name. */
    private final class Hosts {

        private final List<ServiceRecord> services;
        private final Consumer<NameAnswer> receiver;
        private final Map<String, List<InetAddress>> found = new HashMap<>();
        private Duration ttl;
        private String failure = "";
        private int left;

        Hosts(List<ServiceRecord> services, Duration ttl, Consumer<NameAnswer> receiver) {
            this.services = services;
            this.ttl = ttl;
            this.receiver = receiver;
        }

        void send() {
            List<String> hosts =
                    services.stream().map(ServiceRecord::target).distinct().toList();
            left = hosts.size();
            hosts.forEach(host -> addresses(host, addresses -> received(host, addresses)));
        }

        /** A host that cannot be looked up is where it was before. */
        private void received(String host, Records<InetAddress> addresses) {
            if (addresses.isFailed()) {
                failure = addresses.failure();
                ttl = Duration.ZERO;
                found.put(host, known.getOrDefault(host, List.of()));
            } else {
                found.put(host, addresses.values());
                ttl = addresses.isMissing() || addresses.ttl().compareTo(ttl) > 0 ? ttl : addresses.ttl();
            }
            left--;
            if (left == 0) {
                known = Map.copyOf(found);
                List<Destination> all = destinations();
                receiver.accept(all.isEmpty() && !failure.isEmpty() ? new Failed(failure) : answer(all, ttl));
            }
        }

        private List<Destination> destinations() {
            List<Destination> all = new ArrayList<>();
            for (ServiceRecord service : services) {
                List<InetAddress> addresses = found.getOrDefault(service.target(), List.of());
                addresses.forEach(
                        address -> add(service, new InetSocketAddress(address, service.port()), addresses.size(), all));
            }
            return all;
        }

        /** One address that two records lead to is one backend, with the better place. */
        private static void add(ServiceRecord service, InetSocketAddress address, int sharing, List<Destination> all) {
            if (all.stream().noneMatch(other -> other.address().equals(address))) {
                all.add(new Destination(address, service.priority(), service.share(sharing)));
            }
        }
    }
}
