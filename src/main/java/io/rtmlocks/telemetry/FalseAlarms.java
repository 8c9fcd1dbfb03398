// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Drops one error that is none, and nothing else: for every message between nodes that could not be written, because the other
 * node has just died, Vert.x reports that a promise was completed twice. What it calls there says that it was not first in
 * any case ({@code SendContext.tryFail}). That messages are lost with a node is known and met elsewhere.
 *
 * <p>It is told by its words, and by where it is thrown: in the connection to the other node, or later on behalf of it, when only
 * libraries are on the stack. So a promise of ours that is failed twice is shown if we are on the stack.
 */
public final class FalseAlarms extends Filter<ILoggingEvent> {

    private static final String LOGGER = "io.vertx.core.impl.ContextImpl";
    private static final String THROWN = IllegalStateException.class.getName();
    private static final String MESSAGE = "Promise already completed";

    /** How its uppermost frames begin. What emits the result is another method when the connection has ended already. */
    private static final String[] THROWN_IN = {
        "io.vertx.core.Promise.fail", "io.vertx.core.Promise.complete", "io.vertx.core.impl.future.FutureBase"
    };

    private static final String CONNECTION = "io.vertx.core.eventbus.impl.clustered.OutboundConnection";
    private static final String OURS = "io.rtmlocks.";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        boolean isFalse = event.getLoggerName().equals(LOGGER) && isOfLostMessage(event.getThrowableProxy());
        return isFalse ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    private static boolean isOfLostMessage(@Nullable IThrowableProxy thrown) {
        if (thrown == null || !THROWN.equals(thrown.getClassName()) || !MESSAGE.equals(thrown.getMessage())) {
            return false;
        }
        String[] stack = Arrays.stream(thrown.getStackTraceElementProxyArray())
                .map(StackTraceElementProxy::getStackTraceElement)
                .map(each -> each.getClassName() + '.' + each.getMethodName())
                .toArray(String[]::new);
        return isThrownThere(stack) && (isAnyIn(CONNECTION, stack) || !isAnyIn(OURS, stack));
    }

    private static boolean isThrownThere(String... stack) {
        if (stack.length < THROWN_IN.length) {
            return false;
        }
        for (int i = 0; i < THROWN_IN.length; i++) {
            if (!stack[i].startsWith(THROWN_IN[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAnyIn(String prefix, String... stack) {
        return Arrays.stream(stack).anyMatch(each -> each.startsWith(prefix));
    }
}
