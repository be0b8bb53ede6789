package dev.latchkey.gateway.audit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * The standard output. A {@link PrintStream} that has failed once, also for another's lines, says so ever after: from
 * then on lines go to what is below it, which fails only while it cannot be written, such as on a full disk.
 */
final class StandardOutput implements LineSink.Output {

    private final Supplier<PrintStream> shared;
    private final OutputStream below;

    StandardOutput() {
        this(() -> System.out, new FileOutputStream(FileDescriptor.out));
    }

    StandardOutput(Supplier<PrintStream> shared, OutputStream below) {
        this.shared = shared;
        this.below = below;
    }

    @Override
    public void write(byte[] lines) throws IOException {
        PrintStream out = shared.get();
        if (out.checkError()) {
            below.write(lines);
            return;
        }
        out.write(lines, 0, lines.length);
        if (out.checkError()) {
            throw new IOException("the standard output cannot be written");
        }
    }
}
