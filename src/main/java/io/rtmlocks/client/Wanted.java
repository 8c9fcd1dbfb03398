// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import org.jspecify.annotations.Nullable;

/**
 * Which lock is wanted, where, and by whom.
 *
 * @param url such as {@code ws://127.0.0.1:8080/rtm}
 * @param token to log in with, null for none
 * @param channelType {@code MESSAGE} or {@code STREAM}
 * @param create set the lock first when it is missing
 * @param ttlSeconds for a lock that is set first; 0 for what the service takes by itself
 * @param queue wait in the queue while somebody else has it
 * @param noticeMillis how long before the lock may be somebody else's it is to be told, when the service is not heard; with a
 *     short ttl half of that
 */
public record Wanted(
        String url,
        String userId,
        @Nullable String token,
        String channelType,
        String channel,
        String lockName,
        boolean create,
        int ttlSeconds,
        boolean queue,
        long noticeMillis) {

    @Override
    public String toString() {
        return "Wanted[" + channel + '/' + lockName + ']';
    }
}
