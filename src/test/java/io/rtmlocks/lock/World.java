// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Where a random run happens: few names, so that everybody meets everybody, and often narrow limits. */
record World(long seed, Limits limits, List<ChannelKey> channels, List<String> locks, List<String> sessions) {

    private static final int ONE_IN_LARGE = 8;
    private static final int SESSIONS_PER_USER = 2;
    private static final Limits NARROW = new Limits(10, 40, 15, 2, 2, 2, 1, 2, 24, 12, 60_000, 300_000, 2);

    static World of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean isLarge = random.nextInt(ONE_IN_LARGE) == 0;
        Limits limits = random.nextBoolean() ? Limits.STANDARD : NARROW;
        return isLarge
                ? new World(seed, limits, channels(5), names("lock", 8), names("s", 24))
                : new World(seed, limits, channels(2), names("lock", 3), names("s", 6));
    }

    private static List<ChannelKey> channels(int count) {
        ChannelType[] types = ChannelType.values();
        return IntStream.range(0, count)
                .mapToObj(i -> new ChannelKey(types[i % types.length], "c" + i / types.length))
                .toList();
    }

    private static List<String> names(String start, int count) {
        return IntStream.range(0, count).mapToObj(i -> start + i).toList();
    }

    /** What a leader brings whose clock reads this: with every other its file says something else. */
    Limits limitsOfLeader(long monotonicMillis) {
        boolean isOther = (monotonicMillis & 1) == 1;
        return isOther == limits.equals(NARROW) ? Limits.STANDARD : NARROW;
    }

    /** Each user has two sessions. */
    String userOf(String session) {
        return "u" + sessions.indexOf(session) / SESSIONS_PER_USER;
    }
}
