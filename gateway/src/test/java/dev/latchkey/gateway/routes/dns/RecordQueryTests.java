package dev.latchkey.gateway.routes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.routes.dns.RecordQuery.Records;
import dev.latchkey.gateway.testing.NameServer;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as the platform completes them ({@code search} and {@code ndots} of resolv.conf), with real name servers. */
final class RecordQueryTests {

    private static final List<String> DOMAINS = List.of("shop.test", "corp.test");
    private static final String ADDRESS = "127.0.0.1";

    /** Of one question; long enough for a server that answers. */
    private static final long LIMIT_MILLIS = 2_000;

    private final NameServer names = new NameServer();
    private final NameServer second = new NameServer();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        names.close();
        second.close();
    }

    private Records<String> ask(String name, DnsRecordType type, NameServer... servers) throws Exception {
        EventLoop loop = group.next();
        ServerFailures failures = new ServerFailures();
        DnsNameResolver resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(NioDatagramChannel::new)
                .nameServerProvider(new SequentialDnsServerAddressStreamProvider(
                        Arrays.stream(servers).map(RecordQueryTests::addressOf).toList()))
                .searchDomains(DOMAINS)
                .ndots(2)
                .queryTimeoutMillis(LIMIT_MILLIS)
                .dnsQueryLifecycleObserverFactory(failures)
                .build();
        CompletableFuture<Records<String>> answer = new CompletableFuture<>();
        loop.execute(() -> new RecordQuery(resolver, failures)
                .send(
                        name,
                        type,
                        data -> type.equals(DnsRecordType.SRV)
                                ? ServiceRecord.decode(data).target()
                                : NetUtil.bytesToIpAddress(ByteBufUtil.getBytes(data)),
                        answer::complete));
        return answer.get(60, TimeUnit.SECONDS);
    }

    private static InetSocketAddress addressOf(NameServer server) {
        String[] parts = server.address().split(":", -1);
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    /**
     * The name, and those asked for, in order, until one is found. Two dots are enough to ask for it as it is first.
     */
    @ParameterizedTest
    @CsvSource({
        "orders, orders.shop.test",
        "orders, orders.shop.test orders.corp.test",
        "orders, orders.shop.test orders.corp.test orders",
        "orders.eu, orders.eu.shop.test orders.eu.corp.test",
        "orders.eu.west, orders.eu.west",
        "orders.eu.west, orders.eu.west orders.eu.west.shop.test",
        "orders.eu.west., orders.eu.west",
    })
    void sendWhenThereAreSearchDomainsThenAsksInTheirOrder(String name, String asked) throws Exception {
        List<String> questions = List.of(asked.split(" ", -1));
        names.addresses(questions.get(questions.size() - 1), ADDRESS);

        Records<String> answer = ask(name, DnsRecordType.A, names);

        assertThat(answer.values()).containsExactly(ADDRESS);
        assertThat(questions)
                .allSatisfy(question -> assertThat(names.questions(question)).isEqualTo(1));
        assertThat(names.allQuestions()).isEqualTo(questions.size());
    }

    @Test
    void sendWhenAServiceIsAskedForThenWithSearchDomains() throws Exception {
        names.services("_http._tcp.shop.test", "1 1 80 pod.shop.test.");

        assertThat(ask("_http._tcp", DnsRecordType.SRV, names).values()).containsExactly("pod.shop.test.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "orders.eu.west", "orders.eu.west."})
    void sendWhenNoQuestionFindsAnythingThenMissing(String name) throws Exception {
        assertThat(ask(name, DnsRecordType.A, names).isMissing()).isTrue();
    }

    /** Whichever of the questions it is: the name might be there. */
    @ParameterizedTest
    @CsvSource({
        "orders, orders.shop.test",
        "orders, orders.corp.test",
        "orders, orders",
        "orders.eu.west, orders.eu.west",
        "orders.eu.west, orders.eu.west.shop.test",
        "orders.eu.west, orders.eu.west.corp.test",
        "orders.eu.west., orders.eu.west",
    })
    void sendWhenServersFailAtOneQuestionThenFailedAndNotMissing(String name, String failing) throws Exception {
        names.fail(failing);

        Records<String> answer = ask(name, DnsRecordType.A, names);

        assertThat(answer.isMissing()).isFalse();
        assertThat(answer.failure()).startsWith("name servers answer ServFail");
    }

    @Test
    void sendWhenOneServerFailsAndTheNextKnowsThatThereIsNothingThenMissing() throws Exception {
        List.of("orders.shop.test", "orders.corp.test", "orders").forEach(names::fail);

        assertThat(ask("orders", DnsRecordType.A, names, second).isMissing()).isTrue();
        assertThat(second.questions("orders.shop.test")).isEqualTo(1);
    }

    @Test
    void sendWhenServersFailAtOneQuestionAndAnotherFindsItThenFound() throws Exception {
        names.fail("orders.shop.test");
        names.addresses("orders.corp.test", ADDRESS);

        assertThat(ask("orders", DnsRecordType.A, names).values()).containsExactly(ADDRESS);
    }

    @Test
    void sendWhenServersAreSilentThenFailed() throws Exception {
        names.is(NameServer.Mood.SILENT);

        assertThat(ask("orders", DnsRecordType.A, names).failure()).isEqualTo("name servers do not answer");
    }
}
