// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.telemetry.LogEvent;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of a file, in PEM or as a JSON Web Key Set. Once watched, a change of the file is in force a few seconds
 * later, without a restart; a new content that is of no use is logged, and the keys from before stay. Thread-safe.
 */
public final class KeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final long BYTES_MAX = 1 << 20;
    private static final long LOOK_MILLIS = 2_000;

    private final Path file;
    private volatile List<TokenKey> keys;
    private String seen;
    private String complaint = "";

    private KeyFile(Path file, String text) {
        this.file = file;
        this.seen = text;
        this.keys = KeyText.publicKeys(text);
    }

    /** @throws IllegalArgumentException saying why there are no keys to be had */
    public static KeyFile read(Path file) {
        return new KeyFile(file, text(file));
    }

    /** The key in PEM with which {@code token create} signs, in the place of those who usually do. Throws as {@link #read} does. */
    public static TokenKey privateKey(Path file) {
        return KeyText.privateKey(text(file));
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IllegalArgumentException("it has over " + BYTES_MAX + " bytes");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("it cannot be read: " + e, e);
        }
    }

    public List<TokenKey> keys() {
        return keys;
    }

    /** Looks at the file from now on, as long as this Vert.x lives, on threads that may wait for a disk. */
    public void watch(Vertx vertx) {
        vertx.setPeriodic(
                LOOK_MILLIS, id -> vertx.executeBlocking(() -> look()).onFailure(e -> complain(String.valueOf(e))));
    }

    /**
     * Takes what the file holds now, if that is good.
     *
     * @return whether there are new keys
     */
    synchronized boolean look() {
        try {
            String text = text(file);
            if (text.equals(seen)) {
                return false;
            }
            seen = text;
            keys = KeyText.publicKeys(text);
            complaint = "";
            LogEvent.KEYS_CHANGED
                    .on(LOG)
                    .addKeyValue("file", file)
                    .addKeyValue("keys", keys.size())
                    .log();
            return true;
        } catch (IllegalArgumentException e) {
            complain(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** Once for the same reason. */
    private synchronized void complain(String why) {
        if (!why.equals(complaint)) {
            complaint = why;
            LogEvent.KEYS_UNUSABLE
                    .on(LOG)
                    .addKeyValue("file", file)
                    .addKeyValue("why", why)
                    .log();
        }
    }
}
