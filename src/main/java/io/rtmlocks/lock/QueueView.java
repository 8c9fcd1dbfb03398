// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.List;

/**
 * The queue of one lock as it is now.
 *
 * @param waiters how many wait
 * @param shown the first of them
 * @param places where those stand who are online and asked to be told
 */
public record QueueView(int waiters, List<LockView.WaiterView> shown, List<Place> places) {

    static QueueView of(Lock lock, int shownMax) {
        List<Place> places = new ArrayList<>();
        int position = 0;
        for (Waiter waiter : lock.queue) {
            position++;
            if (waiter.withPosition && waiter.session.online) {
                Session session = waiter.session;
                places.add(new Place(session.gateway, session.id, session.epoch, waiter.requestId, position));
            }
        }
        return new QueueView(lock.queue.size(), lock.queue.view(shownMax), places);
    }

    /** The place of one waiter; position 1 is next. */
    public record Place(String gateway, String sessionId, long epoch, long requestId, int position) {}
}
