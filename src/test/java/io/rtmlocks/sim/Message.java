// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import org.jspecify.annotations.Nullable;

/** What a shard sends to the gateways. */
sealed interface Message {

    /** Which session it is for; empty for all on that node. */
    String sessionId();

    /** @param index of the entry it comes from: who leads no more may still be heard */
    record Answered(Effect.Replied effect, long index) implements Message {
        @Override
        public String sessionId() {
            return effect.sessionId();
        }
    }

    record Resumed(Effect.Resumed effect, long index) implements Message {
        @Override
        public String sessionId() {
            return effect.sessionId();
        }
    }

    record Snapshotted(Effect.Snapshotted effect) implements Message {
        @Override
        public String sessionId() {
            return effect.sessionId();
        }
    }

    record Event(LockEvent event) implements Message {
        @Override
        public String sessionId() {
            return "";
        }
    }

    record NotAdmitted(Caller caller) implements Message {
        @Override
        public String sessionId() {
            return caller.sessionId();
        }
    }

    /** News of a session's presence has been applied. */
    record Noted(String sessionId, Command news) implements Message {}

    /** This attempt was not taken. */
    record Refused(String sessionId, long attempt, @Nullable String leader) implements Message {}

    /** The number of the channel's last event. */
    record Latest(ChannelKey channel, long seq) implements Message {
        @Override
        public String sessionId() {
            return "";
        }
    }

    /** Who leads, and since which term. */
    record Leads(String leader, int term) implements Message {
        @Override
        public String sessionId() {
            return "";
        }
    }
}
