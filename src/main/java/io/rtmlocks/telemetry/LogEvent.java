// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Everything that a node logs: a name that stays, how serious it is, and a sentence. What differs from time to time are
 * the key-values that go with it. {@code src/docs/LOGS.md} lists them for people; a test compares both.
 */
public enum LogEvent {
    NODE_SERVES(Level.INFO, "the node serves clients"),
    NODE_NOT_READY(Level.WARN, "the node cannot serve clients now"),
    NODE_SERVES_AGAIN(Level.INFO, "the node serves clients again"),
    NODE_START_FAILED(Level.ERROR, "the node did not start"),
    DATA_DIR_UNUSED(Level.WARN, "data.dir is not used: this version keeps its state in memory"),
    DRAINING(Level.INFO, "told to stop: hands over what it leads and sends its clients away"),
    DRAINED(Level.INFO, "nothing is left to do: stops"),
    NOT_DRAINED(Level.WARN, "stops, though not drained"),
    CLOSE_FAILED(Level.DEBUG, "something would not close at the end"),

    OPEN_TO_ALL(Level.WARN, "insecure.anonymous: the node lets everybody in without a login"),

    NODE_JOINED(Level.INFO, "another node is here"),
    NODE_LEFT(Level.WARN, "another node is gone"),
    DUPLICATE_NAME(
            Level.ERROR,
            "two nodes have the same node.name: the later one is ignored, stop it or give it a name of its own"),
    CLUSTER_BEGAN(Level.INFO, "knows the cluster, which began with these nodes"),
    SHARDS_BEGAN(Level.INFO, "knows these shards, which began with these nodes"),
    CLUSTER_LOST(
            Level.WARN,
            "no shard has most of its replicas any more: the cluster begins anew, without the locks there were"),
    SHARDS_LOST(
            Level.WARN,
            "these shards have lost most of their replicas: they begin anew, without their locks; the others go on"),
    REPORT_UNREADABLE(Level.DEBUG, "a report of another node cannot be read"),
    MESSAGE_UNREADABLE(Level.DEBUG, "a message of another node cannot be read"),
    MESSAGE_LOST(Level.DEBUG, "a message to another node is lost: the connection has just ended"),
    CONNECTION_REFUSED(
            Level.WARN,
            "refused a connection to the cluster port: "
                    + "on all nodes cluster.secret, cluster.name, cluster.size and cluster.shards must be the same"),
    CONNECTION_GIVEN_UP(
            Level.WARN,
            "a connection to the cluster port did not say in time who it is: if it is a node, it tries again"),
    NOT_LET_IN(
            Level.ERROR,
            "cannot join another node, waits and tries again: "
                    + "on all nodes cluster.secret, cluster.name, cluster.size and cluster.shards must be the same"),

    SHARDS_NOT_HOSTED(Level.ERROR, "the shards could not be hosted"),
    REPLICA_FAILED(Level.ERROR, "what the others have agreed on could not be applied here"),
    REPLICA_RESTARTED(Level.WARN, "the replica on this node starts again, without memory"),

    KEYS_CHANGED(Level.INFO, "auth.keysFile has changed: its new keys are in force"),
    KEYS_UNUSABLE(Level.WARN, "auth.keysFile is of no use now: its keys from before stay"),
    CERTIFICATE_CHANGED(Level.INFO, "new connections are shown the new certificate"),
    CERTIFICATE_ENDS(Level.WARN, "the certificate in force ends within a week, or has ended: renew it"),
    CERTIFICATE_UNUSABLE(Level.ERROR, "the certificate goes on, because the new one cannot be used"),

    OPERATOR_ACTED(Level.INFO, "an operator did something, or tried to"),
    ADMINISTRATION_FAILED(Level.ERROR, "a call of the administration failed, which should not happen");

    /** The key of the name. */
    static final String KEY = "event";

    private final Level level;
    private final String message;

    LogEvent(Level level, String message) {
        this.level = level;
        this.message = message;
    }

    /** To be given its key-values, and logged. */
    public LoggingEventBuilder on(Logger log) {
        return log.atLevel(level).setMessage(message).addKeyValue(KEY, text());
    }

    /** Its name in the log, which no later version changes. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Level level() {
        return level;
    }

    public String message() {
        return message;
    }
}
