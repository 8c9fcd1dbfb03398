// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.FrameWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a shard sends to a gateway: frames that are ready to be written, and for whom. In order. */
public sealed interface Delivery {

    void accept(Visitor visitor);

    /** For whom alone it is, an empty string for what is not for one session's client. */
    default String sessionId() {
        return "";
    }

    /**
     * The answer to a request.
     *
     * @param error null for success
     * @param late whether it came of something else than the request: that had waited
     */
    record Answered(
            String sessionId, long requestId, @Nullable ErrorCode error, String frame, boolean late)
            implements Delivery {
        static Answered of(Effect.Replied effect, boolean late) {
            Rejection rejection = effect.reply().answer().rejection();
            return new Answered(
                    effect.sessionId(),
                    effect.requestId(),
                    rejection == null ? null : ErrorCode.of(rejection.kind()),
                    FrameWriter.reply(effect.requestId(), effect.reply()),
                    late);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.answered(this);
        }
    }

    /**
     * An event for one session.
     *
     * @param mustArrive also when the session is away just now
     */
    record Notice(String sessionId, boolean mustArrive, String frame) implements Delivery {
        @Override
        public void accept(Visitor visitor) {
            visitor.notice(this);
        }
    }

    /**
     * A channel as it is now, for a session that begins to see it, or begins anew after a gap.
     *
     * @param seq the number of the last lock event that the frames contain
     * @param frames what the session sees first
     */
    record Snapshot(int shard, String sessionId, ChannelKey channel, long requestId, long seq, List<String> frames)
            implements Delivery {
        @Override
        public void accept(Visitor visitor) {
            visitor.snapshot(this);
        }
    }

    /**
     * An event for all who see this stream of the channel.
     *
     * @param seq of a lock event, else 0
     */
    record Event(int shard, ChannelKey channel, Stream stream, long seq, String frame) implements Delivery {
        @Override
        public void accept(Visitor visitor) {
            visitor.event(this);
        }
    }

    /**
     * The shard knows that the session is online, and found it holding and waiting for this.
     *
     * @param highestId of the requests that it remembers, 0 for none
     */
    record Resumed(
            int shard,
            String sessionId,
            long epoch,
            boolean wasKnown,
            long highestId,
            List<LockView.Held> held,
            List<LockView.Waiting> waiting)
            implements Delivery {
        @Override
        public void accept(Visitor visitor) {
            visitor.resumed(this);
        }
    }

    /** The session that left holds and waits for nothing in this shard any more. */
    record Departed(int shard, String sessionId, long epoch) implements Delivery {
        @Override
        public void accept(Visitor visitor) {
            visitor.departed(this);
        }
    }

    /**
     * The shard does not know the session in this epoch, but in that one: what was asked had no effect.
     *
     * @param elsewhere whether it knows it at another gateway, or not at all
     */
    record NotAdmitted(int shard, Caller caller, long knownEpoch, boolean elsewhere) implements Delivery {
        @Override
        public void accept(Visitor visitor) {
            visitor.notAdmitted(this);
        }
    }

    /** The shard has taken note that the connection of this epoch ended. */
    record Noted(int shard, String sessionId, long epoch) implements Delivery {
        @Override
        public void accept(Visitor visitor) {
            visitor.noted(this);
        }
    }

    /** The kinds of event that a subscription asks for one by one. */
    enum Stream {
        LOCK,
        STORAGE,
        QUEUE
    }

    /** One method for each delivery. */
    interface Visitor {
        void answered(Answered delivery);

        void notice(Notice delivery);

        void snapshot(Snapshot delivery);

        void event(Event delivery);

        void resumed(Resumed delivery);

        void departed(Departed delivery);

        void notAdmitted(NotAdmitted delivery);

        void noted(Noted delivery);
    }
}
