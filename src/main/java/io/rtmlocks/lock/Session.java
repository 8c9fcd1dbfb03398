// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session as one table sees it: where its connection is, what it holds and waits for, what it was answered.
 *
 * <p>What happens to it while it is offline is kept and told first thing when it is back.
 */
final class Session {

    private static final int TOLD_LOSSES_MAX = 20;

    final String id;
    final String userId;
    final User user;
    final Answers answers;

    /** The locks it owns, in the order in which they were granted. */
    final Set<Lock> holds = new LinkedHashSet<>();

    /** Its waits by request id, in the order in which they began. */
    final Map<Long, Waiter> waits = new LinkedHashMap<>();

    /** What it was told of late: again, when whoever was to tell it may have died over it. */
    final Deque<Effect.Loss> toldLosses = new ArrayDeque<>();

    final List<Effect.Loss> missedLosses = new ArrayList<>();
    final List<Snapshot.MissedReply> missedReplies = new ArrayList<>();

    long epoch;
    String gateway;
    boolean online;

    @Nullable
    Deadline forgetting;

    Session(String id, User user, long epoch, String gateway) {
        this.id = id;
        this.userId = user.id;
        this.user = user;
        this.answers = new Answers(user.id);
        this.epoch = epoch;
        this.gateway = gateway;
    }

    void told(Effect.Loss loss) {
        if (toldLosses.size() == TOLD_LOSSES_MAX) {
            toldLosses.removeFirst();
        }
        toldLosses.add(loss);
    }
}
