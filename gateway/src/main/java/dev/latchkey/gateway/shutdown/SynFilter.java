package dev.latchkey.gateway.shutdown;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the kernel ignore requests for new connections, while it completes those that it has begun. A client whose SYN
 * is ignored sends it again after a second (RFC 6298 section 2.1) and finds the port closed: every balancer then tries
 * another server, because it has sent nothing yet. It is a classic BPF program on the listening socket
 * ({@code SO_ATTACH_FILTER} in socket(7)), which only Linux has.
 */
final class SynFilter {

    private static final Logger LOGGER = LoggerFactory.getLogger(SynFilter.class);

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SOCK_FPROG_BYTES = 16;
    private static final int SOCK_FILTER_BYTES = 8;

    /** The byte of a TCP header that holds its flags, and the flag (RFC 9293 section 3.1). */
    private static final int FLAGS = 13;

    private static final int SYN = 0x02;

    /** From linux/bpf_common.h. */
    private static final int LOAD_BYTE = 0x30;

    private static final int JUMP_IF_SET = 0x45;
    private static final int RETURN = 0x06;
    private static final int WHOLE_PACKET = -1;

    private static final RawUnixChannelOption ATTACH_FILTER =
            new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, SOCK_FPROG_BYTES);

    private SynFilter() {}

    /** Whether it is in place: false where the transport is not epoll, or the kernel has no such filter. */
    static boolean attach(Channel port) {
        ByteBuf program = Unpooled.directBuffer(4 * SOCK_FILTER_BYTES);
        try {
            return program.hasMemoryAddress() && port.config().setOption(ATTACH_FILTER, filter(program));
        } catch (ChannelException failure) {
            LOGGER.debug("The kernel does not accept a filter on the port: {}", failure.getMessage());
            return false;
        } finally {
            program.release();
        }
    }

    /** The kernel copies the program while the option is set. */
    private static ByteBuffer filter(ByteBuf program) {
        instruction(program, LOAD_BYTE, 0, FLAGS);
        instruction(program, JUMP_IF_SET, 1, SYN);
        instruction(program, RETURN, 0, WHOLE_PACKET);
        instruction(program, RETURN, 0, 0);
        int count = program.readableBytes() / SOCK_FILTER_BYTES;
        return ByteBuffer.allocateDirect(SOCK_FPROG_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) count)
                .putLong(Long.BYTES, program.memoryAddress());
    }

    /** @param jump how many instructions to skip if the condition holds */
    private static void instruction(ByteBuf program, int code, int jump, int operand) {
        ByteBuffer bytes = ByteBuffer.allocate(SOCK_FILTER_BYTES).order(ByteOrder.nativeOrder());
        bytes.putShort((short) code)
                .put((byte) jump)
                .put((byte) 0)
                .putInt(operand)
                .flip();
        program.writeBytes(bytes);
    }
}
