// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.telemetry.LogEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says who was turned away and why, so that it is heard and floods no log: each line once in half a minute. Any thread may call. */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int REMEMBERED_MAX = 256;

    private final LongSupplier nanos;
    private final Map<String, Long> saidAtNanos = new LinkedHashMap<>();

    Refusals(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** This node turned away a connection from there. */
    void refused(InetSocketAddress from, String why) {
        String host = from.getAddress().getHostAddress();
        if (isNews("from " + host + why)) {
            LogEvent.CONNECTION_REFUSED
                    .on(LOG)
                    .addKeyValue("from", host)
                    .addKeyValue("why", why)
                    .log();
        }
    }

    /** Who connected from there was too slow, or went away: that says nothing of who it is. */
    void gaveUp(InetSocketAddress from, IOException why) {
        String host = from.getAddress().getHostAddress();
        if (isNews("unheard " + host)) {
            LogEvent.CONNECTION_GIVEN_UP
                    .on(LOG)
                    .addKeyValue("from", host)
                    .addKeyValue("why", why.getMessage())
                    .log();
        }
    }

    /** This node was turned away there, or turned away from there. */
    void wasRefused(InetSocketAddress to, String why) {
        String there = to.getAddress().getHostAddress() + ':' + to.getPort();
        if (isNews("to " + there + why)) {
            LogEvent.NOT_LET_IN
                    .on(LOG)
                    .addKeyValue("at", there)
                    .addKeyValue("why", why)
                    .log();
        }
    }

    /** With as many addresses as are remembered the rest goes unsaid: somebody makes noise. */
    synchronized boolean isNews(String line) {
        long now = nanos.getAsLong();
        saidAtNanos.values().removeIf(said -> now - said >= QUIET_NANOS);
        return saidAtNanos.size() < REMEMBERED_MAX && saidAtNanos.putIfAbsent(line, now) == null;
    }
}
