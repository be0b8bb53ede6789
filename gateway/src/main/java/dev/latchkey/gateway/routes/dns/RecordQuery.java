package dev.latchkey.gateway.routes.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Asks for all records of one type that a name has. Only for the resolver's event loop. */
final class RecordQuery {

    private final DnsNameResolver resolver;
    private final ServerFailures failures;

    /** @param failures hears what becomes of the resolver's questions */
    RecordQuery(DnsNameResolver resolver, ServerFailures failures) {
        this.resolver = resolver;
        this.failures = failures;
    }

    /**
     * Asks the hosts file, or name servers with the search domains.
     *
     * @param decoder makes a value of a record's data; what it does not understand, it answers with an exception
     * @param receiver is called once
     */
    <T> void send(String name, DnsRecordType type, Function<ByteBuf, T> decoder, Consumer<Records<T>> receiver) {
        ServerFailures.Lookup lookup = failures.begin(name);
        Future<List<DnsRecord>> answer = resolver.resolveAll(new Question(name, type));
        answer.addListener(done -> {
            DnsResponseCode failure = lookup.end().orElse(DnsResponseCode.NXDOMAIN);
            receiver.accept(
                    answer.isSuccess() ? decoded(answer.getNow(), type, decoder) : failed(answer.cause(), failure));
        });
    }

    private static <T> Records<T> decoded(List<DnsRecord> records, DnsRecordType type, Function<ByteBuf, T> decoder) {
        List<T> values = new ArrayList<>();
        long ttl = Long.MAX_VALUE;
        try {
            for (DnsRecord each : records) {
                if (each instanceof DnsRawRecord raw && raw.type().equals(type)) {
                    values.add(decoder.apply(raw.content()));
                    ttl = Math.min(ttl, raw.timeToLive());
                }
            }
        } catch (RuntimeException malformed) {
            return Records.failed("a record of it is malformed");
        } finally {
            records.forEach(ReferenceCountUtil::release);
        }
        return values.isEmpty() ? Records.missing() : Records.of(values, Duration.ofSeconds(ttl));
    }

    /**
     * The resolver names no cause if a server has answered that there is nothing.
     *
     * @param other the answer to another question for this name than the last; NXDOMAIN if none failed
     */
    private static <T> Records<T> failed(Throwable failure, DnsResponseCode other) {
        Throwable cause = failure.getCause();
        if (!(cause instanceof DnsErrorCauseException)
                && (cause != null || !(failure instanceof UnknownHostException))) {
            return Records.failed("name servers do not answer");
        }
        DnsResponseCode last =
                cause instanceof DnsErrorCauseException known ? known.getCode() : DnsResponseCode.NXDOMAIN;
        DnsResponseCode code = last.equals(DnsResponseCode.NXDOMAIN) ? other : last;
        return code.equals(DnsResponseCode.NXDOMAIN)
                ? Records.missing()
                : Records.failed("name servers answer " + code);
    }

    /**
     * What came of it.
     *
     * @param values nothing: there are none
     * @param ttl the shortest of them
     * @param failure why it is not known; empty if it is
     */
    record Records<T>(List<T> values, Duration ttl, String failure) {

        static <T> Records<T> of(List<T> values, Duration ttl) {
            return new Records<>(List.copyOf(values), ttl, "");
        }

        static <T> Records<T> missing() {
            return new Records<>(List.of(), Duration.ZERO, "");
        }

        static <T> Records<T> failed(String reason) {
            return new Records<>(List.of(), Duration.ZERO, reason);
        }

        boolean isFailed() {
            return !failure.isEmpty();
        }

        boolean isMissing() {
            return values.isEmpty() && !isFailed();
        }
    }

    /** One whose name does not end with a dot, as that would keep the hosts file and search domains out. */
    private record Question(String name, DnsRecordType type) implements DnsQuestion {

        @Override
        public int dnsClass() {
            return DnsRecord.CLASS_IN;
        }

        @Override
        public long timeToLive() {
            return 0;
        }
    }
}
