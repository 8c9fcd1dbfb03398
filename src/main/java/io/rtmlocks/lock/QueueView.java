// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.List;

/**
 * The queue of one lock as it is now.
 *
 * @param shown the first waiters
 * @param places where those stand who are online and asked to be told
 */
public record QueueView(
        ChannelKey channel, String lockName, int waiters, List<LockView.WaiterView> shown, List<Place> places)
        implements Described {

    static QueueView of(Lock lock, int shownMax) {
        List<Place> places = new ArrayList<>();
        int position = 0;
        for (Waiter waiter : lock.queue) {
            position++;
            if (waiter.withPosition && waiter.session.online) {
                places.add(Place.of(waiter, position));
            }
        }
        return new QueueView(lock.channelKey(), lock.name(), lock.queue.size(), lock.queue.view(shownMax), places);
    }

    @Override
    public void describe(Fields out) {
        out.text("event", "lock")
                .text("eventType", "QUEUE")
                .text("channel", channel.name())
                .text("channelType", channel.type().name())
                .text("lockName", lockName)
                .number("waiters", waiters)
                .list("queue", shown);
    }

    /** The place of one waiter; position 1 is next. */
    public record Place(
            String gateway,
            String sessionId,
            long epoch,
            long requestId,
            ChannelKey channel,
            String lockName,
            int position,
            int waiters)
            implements Described {

        static Place of(Waiter waiter, int position) {
            Session session = waiter.session;
            Lock lock = waiter.lock;
            return new Place(
                    session.gateway,
                    session.id,
                    session.epoch,
                    waiter.requestId,
                    lock.channelKey(),
                    lock.name(),
                    position,
                    lock.queue.size());
        }

        @Override
        public void describe(Fields out) {
            out.text("event", "session")
                    .text("type", "WAITING")
                    .number("requestId", requestId)
                    .text("channel", channel.name())
                    .text("channelType", channel.type().name())
                    .text("lockName", lockName)
                    .number("position", position)
                    .number("waiters", waiters);
        }
    }
}
