package dev.latchkey.gateway.routes.upstream;

import java.net.URI;
import java.util.Optional;

/**
 * Backends that name servers know: each address of a name is one.
 *
 * @param dns scheme, name and port, no path; {@code Host}, SNI and the certificate's check go by the name
 * @param service whose SRV records (RFC 2782) say names, ports, priorities and weights, such as {@code http} for those
 *     of {@code _http._tcp.} before the name; none: the addresses of the name itself (A, or AAAA)
 */
public record DnsLookup(URI dns, Optional<String> service) {

    /** For people: where requests go. */
    public String text() {
        return service.map(port -> dns + " (" + name() + ")").orElseGet(dns::toString);
    }

    /** What is asked for. */
    public String name() {
        return service.map(service -> "_" + service + "._tcp." + dns.getHost()).orElseGet(dns::getHost);
    }
}
