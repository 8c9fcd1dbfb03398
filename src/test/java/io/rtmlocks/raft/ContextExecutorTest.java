// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes again and again in all shards comes in the same moments, whenever each of them began. */
class ContextExecutorTest {

    private static final long PERIOD_MILLIS = 250;
    private static final int TIMES = 40;

    private final AtomicLong nowMillis = new AtomicLong();
    private final List<Long> delaysMillis = new ArrayList<>();
    private final Vertx vertx = (Vertx) Proxy.newProxyInstance(
            Vertx.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> {
                delaysMillis.add((Long) arguments[0]);
                return 1L;
            });
    private final ContextExecutor executor = new ContextExecutor(vertx, context(), nowMillis::get);

    private static Context context() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> null);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 124, 125, 249, 12_345, -1, -12_345})
    void a_period_keeps_its_length_and_falls_into_step(long beginMillis) {
        nowMillis.set(beginMillis);
        for (int i = 0; i < TIMES; i++) {
            executor.scheduleInStep(PERIOD_MILLIS, () -> {});
            int late = i % 3;
            nowMillis.addAndGet(delaysMillis.get(i) + late);
            assertThat(nowMillis.get() - late).isEqualTo(Math.floorDiv(nowMillis.get(), PERIOD_MILLIS) * PERIOD_MILLIS);
        }
        assertThat(delaysMillis.get(0)).isBetween(PERIOD_MILLIS / 2, PERIOD_MILLIS * 3 / 2);
        assertThat(delaysMillis.subList(1, TIMES))
                .allMatch(delay -> delay <= PERIOD_MILLIS && delay >= PERIOD_MILLIS - 2);
    }
}
