// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.atomic.AtomicReference;

/** MicroRaft catches whatever its handlers throw, and tells the log of it: there its failed assertions are found. */
public final class FailedAssertions extends AppenderBase<ILoggingEvent> {

    private static final AtomicReference<AssertionError> LAST = new AtomicReference<>();

    static void forget() {
        LAST.set(null);
    }

    /** @throws Broken when an assertion has failed since all was forgotten */
    static void check() {
        AssertionError failed = LAST.get();
        if (failed != null) {
            throw new Broken("Assertions", "the consensus is not what it should be: " + failed.getMessage());
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getThrowableProxy() instanceof ThrowableProxy proxy
                && proxy.getThrowable() instanceof AssertionError failed) {
            LAST.set(failed);
        }
    }
}
