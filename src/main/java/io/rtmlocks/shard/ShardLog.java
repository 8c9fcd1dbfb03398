// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Snapshot;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order of a shard's commands.
 *
 * <p>A command that was appended is applied once, on every replica at the same index and with the same moment, or it is
 * lost and never applied; which of the two is not told. What is applied cannot be lost by the death of one node.
 *
 * <p>Called, and calls back, on the context of the shard only.
 */
public interface ShardLog {

    /**
     * @param gateway who gave the command, to be handed back with it
     * @return whether it was taken; one that was not is never applied
     */
    Admission append(String gateway, Command command);

    /** Begins to take part. */
    void start();

    /** Whether this replica leads, so that what is applied now is to be told to those it concerns. */
    boolean leads();

    /** Whether what is applied now is known to be committed, by this replica, before the one that leads can know. */
    default boolean isAhead() {
        return false;
    }

    /** Whether this replica counts when a majority is counted. */
    default boolean votes() {
        return true;
    }

    /** By which charter its replicas began, empty for one that is alone. */
    default String charter() {
        return "";
    }

    /** How it stands with the log and its replicas. */
    default Standing standing() {
        return Standing.ALONE;
    }

    /** A message of another replica of the shard. */
    default void onMessage(byte[] message) {}

    /** @param incarnations of every node that is there, by its name; what they host of this shard has the same */
    default void onPresent(Map<String, String> incarnations) {}

    /**
     * Hands leadership over to another replica: on the first of these nodes that can have it.
     *
     * @return whether one can
     */
    default boolean handOverTo(List<String> nodes) {
        return false;
    }

    /** Ends taking part. */
    default void stop() {}

    /**
     * How it stands with a log. What only a leader can know is 0 elsewhere.
     *
     * @param pendingCommands taken and not applied yet
     * @param replicasBehind that lack committed entries
     * @param lagEntriesMax how many the one lacks that is furthest behind
     * @param restarts how often the replica here began anew
     * @param droppedMessages of other replicas that were not understood, or not for this one
     */
    record Standing(int pendingCommands, int replicasBehind, long lagEntriesMax, int restarts, long droppedMessages) {
        static final Standing ALONE = new Standing(0, 0, 0, 0, 0);
    }

    /** What becomes of a command that is to be appended. */
    enum Admission {
        TAKEN,
        /** Another node may lead: ask there. */
        NOT_LEADER,
        /** Too much is under way: ask again later. */
        BUSY
    }

    /** What the log calls for each command, in order. */
    interface Applier {
        void apply(long index, Moment moment, String gateway, Command command);
    }

    /** What a log keeps the same on every node, and whom it tells who leads. */
    interface Host extends Applier {

        /** @return the limits this node was given: those of the one that leads are in force on all */
        Limits limits();

        /** @return all that has been applied so far */
        Snapshot snapshot();

        /** Forgets everything, and goes on from here; null for from the beginning. */
        void install(@Nullable Snapshot snapshot);

        /**
         * This replica leads, and has applied all that any leader before it committed. From here on, until {@link
         * #onFollower}, commands are taken, and the table's deadlines are times of this node's clock.
         */
        void onLeader(int term);

        /** It does not lead any more: what was taken and not applied may have been lost. */
        void onFollower();

        /**
         * Something of this gateway's that was taken is not applied by this leader, also when it goes on leading: while it tries to
         * hand over, it gives nothing to the others.
         */
        void onDropped(String gateway);
    }

    /** Makes the log of a shard, on the context that is to own it. */
    @FunctionalInterface
    interface Factory {
        ShardLog open(int shard, Vertx vertx, Context context, ShardClock clock, Host host);

        /** Shards with one replica, in the memory of this node. */
        Factory LOCAL = (shard, vertx, context, clock, host) -> new LocalLog(clock, host);
    }
}
