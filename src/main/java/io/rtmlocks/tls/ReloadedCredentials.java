// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tls;

import io.rtmlocks.telemetry.LogEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of a server that are replaced while it runs: both files are looked at every {@value #LOOK_MILLIS} ms, and what is
 * new there counts for the next connections; those that there are go on. What cannot be used changes nothing and is said once, but
 * not before it was seen twice: two files are never replaced in one moment. That what is in force ends soon is said once a day.
 *
 * <p>Files are read on a worker; all else is confined to the context it was started on.
 */
public final class ReloadedCredentials {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedCredentials.class);
    private static final long LOOK_MILLIS = 2_000;
    private static final Duration SOON = Duration.ofDays(7);
    private static final Duration SAID_EVERY = Duration.ofDays(1);

    private final Path certificate;
    private final Path key;
    private final InstantSource clock;
    private @Nullable Buffer inForce;
    private Instant end = Instant.MAX;
    private Instant nextWord = Instant.MIN;
    private @Nullable Buffer unusable;
    private boolean isSaid;

    public ReloadedCredentials(Path certificate, Path key, InstantSource clock) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
    }

    /** To start a server with, TLS 1.2 or later; fails with an {@link UnusablePemException}. */
    public Future<ServerSSLOptions> load(Vertx vertx) {
        return vertx.executeBlocking(this::read).map(seen -> {
            if (seen.problem != null) {
                throw new IllegalStateException(seen.problem);
            }
            take(seen);
            return seen.options();
        });
    }

    /** Begins to look whether the files change, for as long as Vert.x lives. */
    public void watch(Vertx vertx, HttpServer server) {
        vertx.setPeriodic(
                LOOK_MILLIS,
                id -> vertx.executeBlocking(this::read)
                        .onSuccess(seen -> onSeen(seen, server))
                        .onFailure(failure -> unusable(failure)));
    }

    private void take(Seen seen) {
        inForce = seen.content;
        end = seen.credentials == null ? Instant.MAX : seen.credentials.end();
    }

    private void onSeen(Seen seen, HttpServer server) {
        sayIfItEndsSoon();
        if (seen.content.equals(inForce)) {
            unusable = null;
        } else if (seen.problem == null) {
            take(seen);
            server.updateSSLOptions(seen.options())
                    .onSuccess(v -> LogEvent.CERTIFICATE_CHANGED
                            .on(LOG)
                            .addKeyValue("file", certificate)
                            .log())
                    .onFailure(failure -> unusable(failure));
        } else if (!seen.content.equals(unusable)) {
            unusable = seen.content;
            isSaid = false;
        } else if (!isSaid) {
            isSaid = true;
            unusable(seen.problem);
        }
    }

    private void sayIfItEndsSoon() {
        Instant now = clock.instant();
        if (end.isBefore(now.plus(SOON)) && !now.isBefore(nextWord)) {
            nextWord = now.plus(SAID_EVERY);
            LogEvent.CERTIFICATE_ENDS
                    .on(LOG)
                    .addKeyValue("file", certificate)
                    .addKeyValue("end", end)
                    .log();
        }
    }

    private void unusable(Object why) {
        LogEvent.CERTIFICATE_UNUSABLE
                .on(LOG)
                .addKeyValue("file", certificate)
                .addKeyValue("why", why)
                .log();
    }

    private Seen read() {
        Buffer content = Buffer.buffer();
        try {
            byte[] certificateBytes = Pem.bytes(certificate);
            byte[] keyBytes = Pem.bytes(key);
            content.appendBytes(certificateBytes).appendBytes(keyBytes);
            return new Seen(
                    content, Credentials.of(certificate, certificateBytes, key, keyBytes, clock.instant()), null);
        } catch (UnusablePemException e) {
            return new Seen(content, null, e.file() + ": " + e.getMessage());
        }
    }

    /** What stands in the files: credentials, or why there are none. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    private record Seen(
            Buffer content,
            @Nullable Credentials credentials,
            @Nullable String problem) {

        ServerSSLOptions options() {
            if (credentials == null) {
                throw new IllegalStateException(problem);
            }
            ServerSSLOptions options = new ServerSSLOptions().setKeyCertOptions(credentials.shown());
            options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
            return options;
        }
    }
}
