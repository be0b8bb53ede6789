package dev.latchkey.gateway.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on a real socket, over UDP and TCP, with the records that a test gives it. */
public final class NameServer implements AutoCloseable {

    /** What it does with questions. */
    public enum Mood {
        ANSWERS,
        SILENT,
        FAILS
    }

    private static final int MOST_PORTS = 100;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> questions = new ConcurrentHashMap<>();
    private final Set<String> large = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger overTcp = new AtomicInteger();
    private final int port;
    private volatile Mood mood = Mood.ANSWERS;
    private volatile int ttl;

    public NameServer() {
        ServerBootstrap tcp = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new Answers());
                    }
                });
        Bootstrap udp = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Answers());
                    }
                });
        this.port = bound(tcp, udp);
    }

    /** A port that is free for TCP may be taken for UDP. */
    private static int bound(ServerBootstrap tcp, Bootstrap udp) {
        for (int attempt = 0; attempt < MOST_PORTS; attempt++) {
            Channel server = tcp.bind("127.0.0.1", 0).syncUninterruptibly().channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            if (udp.bind("127.0.0.1", port).awaitUninterruptibly().isSuccess()) {
                return port;
            }
            server.close().syncUninterruptibly();
        }
        throw new IllegalStateException("no port is free for both");
    }

    /** As {@code latchkey.backends.dns.servers} names it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    public void is(Mood now) {
        mood = now;
    }

    /** Of all answers, in seconds. */
    public void ttl(int seconds) {
        ttl = seconds;
    }

    /** These are the name's addresses from now on; of none, there is such a name, but without any. */
    public void addresses(String name, String... addresses) {
        List<byte[]> all = Arrays.stream(addresses)
                .map(NetUtil::createByteArrayFromIpAddressString)
                .toList();
        records.put(name + ". A", all.stream().filter(each -> each.length == 4).toList());
        records.put(
                name + ". AAAA", all.stream().filter(each -> each.length == 16).toList());
    }

    /** Each is priority, weight, port and target, as in a zone file. */
    public void services(String name, String... services) {
        records.put(
                name + ". SRV", Arrays.stream(services).map(NameServer::service).toList());
    }

    private static byte[] service(String text) {
        String[] fields = text.split(" ", -1);
        ByteBuf data = Unpooled.buffer();
        for (int at = 0; at < 3; at++) {
            data.writeShort(Integer.parseInt(fields[at]));
        }
        for (String label : fields[3].split("\\.", -1)) {
            data.writeByte(label.length()).writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        byte[] bytes = new byte[data.readableBytes()];
        data.readBytes(bytes).release();
        return bytes;
    }

    /** Answers for it have no room in UDP from now on (TC). */
    public void truncate(String name) {
        large.add(name + ".");
    }

    /** Questions for it are answered by SERVFAIL from now on. */
    public void fail(String name) {
        failing.add(name + ".");
    }

    /** There is no such name from now on (NXDOMAIN). */
    public void remove(String name) {
        records.keySet().removeIf(key -> key.startsWith(name + ". "));
        failing.remove(name + ".");
    }

    /** How often a name was asked for, whatever its type. */
    public int questions(String name) {
        return questions
                .computeIfAbsent(name + ".", unused -> new AtomicInteger())
                .get();
    }

    /** How often any name was asked for. */
    public int allQuestions() {
        return questions.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    public int overTcp() {
        return overTcp.get();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Sharable
    private final class Answers extends SimpleChannelInboundHandler<DnsQuery> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            questions
                    .computeIfAbsent(question.name(), unused -> new AtomicInteger())
                    .incrementAndGet();
            boolean isUdp = query instanceof DatagramDnsQuery;
            if (!isUdp) {
                overTcp.incrementAndGet();
            }
            if (mood == Mood.SILENT) {
                return;
            }
            DnsResponse response = query instanceof DatagramDnsQuery udp
                    ? new DatagramDnsResponse(/* sender= */ udp.recipient(), /* recipient= */ udp.sender(), udp.id())
                    : new DefaultDnsResponse(query.id());
            response.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
            answer(question, response, isUdp);
            var unused = context.writeAndFlush(response);
        }

        private void answer(DnsQuestion question, DnsResponse response, boolean isUdp) {
            String name = question.name();
            if (mood == Mood.FAILS || failing.contains(name)) {
                response.setCode(DnsResponseCode.SERVFAIL);
            } else if (records.keySet().stream().noneMatch(key -> key.startsWith(name + " "))) {
                response.setCode(DnsResponseCode.NXDOMAIN);
            } else if (large.contains(name) && isUdp) {
                response.setTruncated(true);
            } else {
                DnsRecordType type = question.type();
                records.getOrDefault(name + " " + type.name(), List.of())
                        .forEach(data -> response.addRecord(DnsSection.ANSWER, record(name, type, data)));
            }
        }

        private DnsRecord record(String name, DnsRecordType type, byte[] data) {
            return new DefaultDnsRawRecord(name, type, ttl, Unpooled.wrappedBuffer(data));
        }
    }
}
