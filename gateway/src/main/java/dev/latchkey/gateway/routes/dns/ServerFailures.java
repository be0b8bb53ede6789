package dev.latchkey.gateway.routes.dns;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import io.netty.resolver.dns.DnsQueryLifecycleObserverFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hears which questions name servers could not answer. With search domains one look-up asks several, and of those the
 * resolver reports the last alone: that there is no such name, although the one before it might have been found. Only
 * for the resolver's event loop.
 */
final class ServerFailures implements DnsQueryLifecycleObserverFactory {

    private final List<Lookup> running = new ArrayList<>();

    /**
     * Begins to listen, before the first question of a look-up: with search domains, all of them begin with its name.
     */
    Lookup begin(String name) {
        Lookup lookup = new Lookup(name.endsWith(".") ? name : name + ".");
        running.add(lookup);
        return lookup;
    }

    @Override
    public DnsQueryLifecycleObserver newDnsQueryLifecycleObserver(DnsQuestion question) {
        return new Observer(question.name());
    }

    /** One name and type that is being looked up. Another of a name that begins alike may count as failed with it. */
    final class Lookup {

        private final String start;
        private final Map<String, DnsResponseCode> failed = new HashMap<>();

        private Lookup(String start) {
            this.start = start;
        }

        private boolean asks(String question) {
            return question.regionMatches(true, 0, start, 0, start.length());
        }

        /** Ends it, and says what name servers answered to a question of it that none of them could answer. */
        Optional<DnsResponseCode> end() {
            running.remove(this);
            return failed.values().stream().findFirst();
        }
    }

    /** Follows one question to one server after the other: what the last one answers decides. */
    private final class Observer implements DnsQueryLifecycleObserver {

        private final String question;

        Observer(String question) {
            this.question = question;
        }

        @Override
        public void queryWritten(InetSocketAddress server, ChannelFuture written) {
            running.forEach(lookup -> lookup.failed.remove(question));
        }

        @Override
        public DnsQueryLifecycleObserver queryNoAnswer(DnsResponseCode code) {
            running.stream()
                    .filter(lookup -> lookup.asks(question))
                    .forEach(lookup -> lookup.failed.put(question, code));
            return this;
        }

        /** By an answer that there is nothing, or because no server is left; silence, the resolver reports itself. */
        @Override
        public void queryFailed(Throwable cause) {}

        @Override
        public void querySucceed() {}

        @Override
        public void queryCancelled(int queriesRemaining) {}

        @Override
        public DnsQueryLifecycleObserver queryRedirected(List<InetSocketAddress> servers) {
            return this;
        }

        @Override
        public DnsQueryLifecycleObserver queryCNAMEd(DnsQuestion alias) {
            return this;
        }
    }
}
