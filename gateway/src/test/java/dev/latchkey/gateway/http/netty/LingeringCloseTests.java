package dev.latchkey.gateway.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a connection that is closed in stages is closed. */
final class LingeringCloseTests {

    private static final long LONG = TimeUnit.HOURS.toMillis(1);
    private static final int LIMIT = 30_000;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
    private final Socket client = new Socket();

    @AfterEach
    void stop() throws IOException {
        client.close();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** A connection that its server has begun to close. */
    private Channel closing(long limitMillis, long mostBytes) throws IOException {
        Channel server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addFirst(new LingeringClose(limitMillis, mostBytes));
                        accepted.complete(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        client.setSoTimeout(LIMIT);
        client.connect(server.localAddress());
        Channel channel = accepted.join();
        var unused = channel.close();
        assertThat(client.getInputStream().read()).as("the end of what is sent").isEqualTo(-1);
        return channel;
    }

    private static boolean isClosed(Channel channel) {
        return channel.closeFuture().awaitUninterruptibly(LIMIT);
    }

    @Test
    void closeWhenTheOtherSideClosesThenClosed() throws IOException {
        Channel channel = closing(LONG, 10);
        client.getOutputStream().write(new byte[10]);
        assertThat(channel.isOpen()).isTrue();
        client.close();
        assertThat(isClosed(channel)).isTrue();
    }

    @Test
    void closeWhenTheOtherSideSendsTooMuchThenClosed() throws IOException {
        Channel channel = closing(LONG, 10);
        client.getOutputStream().write(new byte[11]);
        assertThat(isClosed(channel)).isTrue();
    }

    @Test
    void closeWhenTheOtherSideDoesNothingThenClosedAfterTheLimit() throws IOException {
        assertThat(isClosed(closing(10, 10))).isTrue();
    }
}
