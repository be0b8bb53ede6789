package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.pipeline.forwarding.Methods;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.telemetry.RequestRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.stereotype.Component;

/** Makes the answer to requests that reach no filter: a problem document like all others, counted and logged. */
@Component
final class EarlyRefusals {

    private final CrossOriginAccess origins;
    private final ProblemWriter problems;
    private final RequestRecording recording;
    private final AnswerDate date;
    private final ThrottledLog refusals = new ThrottledLog(LoggerFactory.getLogger(EarlyRefusals.class), Level.INFO);

    EarlyRefusals(CrossOriginAccess origins, ProblemWriter problems, RequestRecording recording, AnswerDate date) {
        this.origins = origins;
        this.problems = problems;
        this.recording = recording;
        this.date = date;
    }

    /** @param origin of the request, as far as it could be read */
    FullHttpResponse answer(Channel channel, Problem problem, Optional<String> origin) {
        problems.count(problem);
        String peer = ClientConnection.addressOf(channel)
                .map(NetUtil::toAddressString)
                .orElse("unknown");
        refusals.write("Refused before it was a request", problem.name() + ", from " + peer);
        RequestRecord record = recording.refused(channel, problem);
        ByteBuf body = ByteBufUtil.writeUtf8(channel.alloc(), problem.json(record == null ? null : record.id()));
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(problem.status()), body);
        HttpHeaders headers = answer.headers();
        org.springframework.http.HttpHeaders described = new org.springframework.http.HttpHeaders();
        origins.describe(origin.orElse(null), new SpringHeaderFields(described));
        problems.setHeaders("", described);
        described.forEach((name, values) -> headers.add(name, values));
        headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (problem.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            headers.set(HttpHeaderNames.ALLOW, Methods.ALLOW);
        }
        date.addTo(headers);
        return answer;
    }
}
