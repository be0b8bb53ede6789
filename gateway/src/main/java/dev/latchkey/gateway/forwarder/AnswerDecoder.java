package dev.latchkey.gateway.forwarder;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what a backend sends on a connection, one answer at a time, and never an unsolicited one, which Netty's own
 * client codec would keep for the next request. What has two readings is refused (RFC 9112 sections 5.2, 6.1 and 6.3).
 */
final class AnswerDecoder extends HttpResponseDecoder {

    private static final int NAMES = 16;

    /** Characters of what is kept for the next answer, with each connection. */
    private static final int LONGEST_KEPT = 64;

    /** A backend names the same fields in each of its answers, so their names are made once. */
    private final @Nullable AsciiString[] names = new @Nullable AsciiString[NAMES];

    private String version = "";
    private String code = "";
    private String reason = "";

    private boolean isAsked;
    private boolean isForHead;
    private boolean isInHead;
    private boolean isInFields;
    private boolean hasBegun;
    private boolean hasSurplus;
    private boolean isAtEnd;

    AnswerDecoder(int maxHeadSize) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeadSize)
                .setMaxHeaderSize(maxHeadSize)
                .setMaxChunkSize(Integer.MAX_VALUE)
                .setUseRfc9112TransferEncoding(true)
                .setTrailersFactory(new Trailers()));
    }

    /** A request of this method was sent, and what comes now answers it. */
    void expectAnswerTo(HttpMethod method) {
        isAsked = true;
        isForHead = HttpMethod.HEAD.equals(method);
        hasBegun = false;
        expectHead();
    }

    /** The last head was that of an interim answer. */
    void expectHead() {
        isInHead = true;
        isInFields = false;
    }

    /** What comes now belongs to no request. */
    void expectNothing() {
        isAsked = false;
    }

    /** Whether a byte came after the request. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** Whether bytes came that belong to no request, or a head says that such will come. */
    boolean hasSurplus() {
        return hasSurplus;
    }

    /** Whether the connection has ended, and with it a body that has no other end. */
    boolean isAtEnd() {
        return isAtEnd;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        if (!isAsked) {
            hasSurplus = true;
            buffer.skipBytes(buffer.readableBytes());
            return;
        }
        hasBegun = true;
        if (isInHead) {
            refuseFolds(buffer);
        }
        super.decode(ctx, buffer, out);
        isInHead = isInHead && out.isEmpty();
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        isAtEnd = true;
        super.decodeLast(ctx, in, out);
    }

    /**
     * Refuses a line that continues the one before. The buffer begins with a line, since each that is whole is decoded
     * in the call in which it is seen here; white space before the first one is skipped. What follows an empty line is
     * no field.
     */
    private void refuseFolds(ByteBuf buffer) throws ProtocolException {
        int end = buffer.writerIndex();
        int at = buffer.readerIndex();
        while (!isInFields && at < end && buffer.getByte(at) <= ' ' && buffer.getByte(at) >= 0) {
            at++;
        }
        if (isInFields && at < end && isLineEnd(buffer.getByte(at))) {
            return;
        }
        boolean isFold = at < end && isInFields && isBlank(buffer.getByte(at));
        for (int line = buffer.indexOf(at, end, HttpConstants.LF);
                line >= 0 && !isFold;
                line = buffer.indexOf(line + 1, end, HttpConstants.LF)) {
            isInFields = true;
            if (line + 1 == end || isLineEnd(buffer.getByte(line + 1))) {
                break;
            }
            isFold = isBlank(buffer.getByte(line + 1));
        }
        if (isFold) {
            throw new ProtocolException("a folded header field");
        }
    }

    private static boolean isBlank(byte character) {
        return character == HttpConstants.SP || character == HttpConstants.HT;
    }

    private static boolean isLineEnd(byte character) {
        return character == HttpConstants.CR || character == HttpConstants.LF;
    }

    /** Netty takes what stands between a blank and the colon for nothing; only blanks may (RFC 9112 section 5.1). */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        int end = start + length;
        while (end < line.length && isBlank(line[end])) {
            end++;
        }
        if (end < line.length && line[end] != HttpConstants.COLON) {
            throw new IllegalArgumentException("a field name with a blank");
        }
        return length > 0 && length <= LONGEST_KEPT
                ? name(line, start, length)
                : super.splitHeaderName(line, start, length);
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        version = word(version, line, start, length);
        return version;
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        code = word(code, line, start, length);
        return code;
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        String phrase = word(reason, line, start, length);
        reason = length <= LONGEST_KEPT ? phrase : "";
        return phrase;
    }

    /** That of the answer before, if it is the same, as it mostly is. */
    private static String word(String before, byte[] line, int start, int length) {
        boolean isSame = length == before.length();
        for (int at = 0; at < length && isSame; at++) {
            isSame = (line[start + at] & 0xff) == before.charAt(at);
        }
        return isSame ? before : new String(line, start, length, StandardCharsets.ISO_8859_1);
    }

    private AsciiString name(byte[] line, int start, int length) {
        int slot = (length + line[start]) & (NAMES - 1);
        AsciiString known = names[slot];
        if (known != null && Arrays.equals(line, start, start + length, known.array(), 0, known.length())) {
            return known;
        }
        AsciiString made = super.splitHeaderName(line, start, length);
        names[slot] = made;
        return made;
    }

    /** The answer to a HEAD ends with its head, whatever length it states (RFC 9112 section 6.3). */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage answer) {
        hasSurplus |= statesForbiddenBody((HttpResponse) answer);
        return isForHead || super.isContentAlwaysEmpty(answer);
    }

    /**
     * Interim answers and 204 end with their heads, too, and must not state a body (RFC 9110 section 8.6, RFC 9112
     * section 6.1). A backend that does may send it, when the connection has been given to the next request.
     */
    private static boolean statesForbiddenBody(HttpResponse head) {
        boolean mayHaveNone = head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                || head.status().equals(HttpResponseStatus.NO_CONTENT);
        return mayHaveNone
                && (head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                        || HttpUtil.getContentLength(head, 0L) > 0);
    }

    /** Refuses a head that could be read, but is not one of HTTP/1.0 or 1.1. */
    static boolean isValid(HttpResponse head) {
        HttpVersion version = head.protocolVersion();
        int code = head.status().code();
        boolean isFramed = !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                || (version.minorVersion() > 0 && isChunkedAlone(head));
        return version.majorVersion() == 1 && code >= 100 && code <= 999 && isFramed && !areLengthsUnited(head);
    }

    /**
     * Whether there were several lengths in HTTP/1.0: Netty takes the first of them, and states it under the name that
     * is its own constant.
     */
    private static boolean areLengthsUnited(HttpResponse head) {
        if (head.protocolVersion().minorVersion() > 0) {
            return false;
        }
        for (var fields = head.headers().iteratorCharSequence(); fields.hasNext(); ) {
            if (fields.next().getKey() == HttpHeaderNames.CONTENT_LENGTH) {
                return true;
            }
        }
        return false;
    }

    private static boolean isChunkedAlone(HttpResponse head) {
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                        codings.get(0).strip());
    }

    /**
     * Every body ends with trailers, and most are empty: those are given out again. So nothing may keep what this made,
     * add to it or empty it; {@link BackendConnection#ended} passes on a copy.
     */
    private static final class Trailers implements HttpHeadersFactory {

        private HttpHeaders last = newEmptyHeaders();

        @Override
        public HttpHeaders newHeaders() {
            if (!last.isEmpty()) {
                last = newEmptyHeaders();
            }
            return last;
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
            return DefaultHttpHeadersFactory.trailersFactory().newHeaders();
        }
    }
}
