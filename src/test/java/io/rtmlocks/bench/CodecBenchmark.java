// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Reply;
import io.rtmlocks.wire.BadFrameException;
import io.rtmlocks.wire.Frame;
import io.rtmlocks.wire.FrameWriter;
import io.vertx.core.json.JsonObject;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * From the text of a request to a command, and from the answer to its text: as the service does it, and with the JSON object of
 * Vert.x, which checks less.
 */
@State(Scope.Thread)
public class CodecBenchmark {
    private static final String REQUEST =
            "{\"id\":1234567,\"op\":\"acquireLock\",\"channel\":\"room-17\",\"lockName\":\"seat-12\",\"retry\":true,\"create\":true}";

    private long token = System.currentTimeMillis() << 10;

    @Benchmark
    public String ours() throws BadFrameException {
        Frame frame = Frame.read(REQUEST);
        Command.Request command = frame.command("session", 1);
        Answer answer = new Answer.Granted(command.channel(), command.lockName(), "alice", 30, ++token, 0);
        return FrameWriter.reply(frame.id(), new Reply(token >> 10, answer));
    }

    @Benchmark
    public String jsonObject() {
        JsonObject frame = new JsonObject(REQUEST);
        ChannelKey channel = new ChannelKey(ChannelType.MESSAGE, frame.getString("channel"));
        Command.AcquireLock command = new Command.AcquireLock(
                new Caller("session", 1, frame.getLong("id")),
                channel,
                frame.getString("lockName"),
                frame.getBoolean("retry", false),
                frame.getLong("timeoutMs", 0L),
                frame.getBoolean("withPosition", false),
                frame.getBoolean("create", false),
                frame.getLong("ttl", 0L));
        return new JsonObject()
                .put("id", command.caller().requestId())
                .put("errorCode", 0)
                .put("timestamp", ++token >> 10)
                .put("channel", channel.name())
                .put("channelType", channel.type().name())
                .put("lockName", command.lockName())
                .put("owner", "alice")
                .put("ttl", 30)
                .put("fencingToken", token)
                .put("waitedMs", 0)
                .encode();
    }
}
