// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import java.util.List;

/**
 * Every metric of ours: its name as Prometheus reads it, its labels, and what it says. {@code src/docs/METRICS.md} is this
 * list for people; a test compares both with what a node tells.
 *
 * <p>What is counted of locks and shards is counted by the node that leads the shard: a sum over all nodes counts it once.
 */
public enum Metric {
    CONNECTIONS(Kind.GAUGE, "rtm_connections", "Connections of clients, logged in or not"),
    CONNECTIONS_OPENED(Kind.COUNTER, "rtm_connections_opened_total", "Connections that clients have opened"),
    CONNECTIONS_CLOSED(
            Kind.COUNTER, "rtm_connections_closed_total", "Connections that ended, by why", Label.CLOSE_CODE),
    SESSIONS(Kind.GAUGE, "rtm_sessions", "Sessions of clients that are here or may come back", Label.STATE),
    SUBSCRIPTIONS(Kind.GAUGE, "rtm_subscriptions", "Channels seen, counted for each session"),
    REQUESTS_IN_FLIGHT(
            Kind.GAUGE, "rtm_requests_in_flight", "Requests that have no answer yet, waits for a lock included"),
    FRAMES(Kind.COUNTER, "rtm_frames_total", "Text frames from and to clients", Label.DIRECTION),
    FRAME_BYTES(
            Kind.COUNTER,
            "rtm_frame_bytes_total",
            "What the frames contained: bytes in, characters out (the same unless names are not ASCII)",
            Label.DIRECTION),
    COMMANDS(Kind.COUNTER, "rtm_commands_total", "Requests that were answered, by their result", Label.OP, Label.CODE),
    COMMAND_SECONDS(
            Kind.HISTOGRAM,
            "rtm_command_seconds",
            "From a request's frame to its answer, of requests that a shard answered; without acquireLock with retry, which may wait",
            Label.OP),
    LOGINS(
            Kind.COUNTER,
            "rtm_logins_total",
            "Logins: refused for the token, failed because nobody could tell",
            Label.LOGIN),
    REFUSALS(Kind.COUNTER, "rtm_refusals_total", "Requests refused and connections closed for a limit", Label.LIMIT),
    FELL_BEHIND(
            Kind.COUNTER,
            "rtm_subscriptions_fell_behind_total",
            "Subscriptions whose client did not keep up: it misses events until it gets a fresh snapshot"),
    SNAPSHOTS_RENEWED(
            Kind.COUNTER,
            "rtm_snapshots_renewed_total",
            "Snapshots asked for because events were, or may have been, missed"),
    SLOW_CONSUMER_CUTS(
            Kind.COUNTER, "rtm_slow_consumer_cuts_total", "Connections cut because too much waited to be sent on them"),
    EVENTS_DELIVERED(Kind.COUNTER, "rtm_events_delivered_total", "Events written to sockets", Label.STREAM),
    EVENT_DELIVERY_SECONDS(
            Kind.HISTOGRAM,
            "rtm_event_delivery_seconds",
            "From the commit of changes to the last write of their events, where the leader has the clients itself"),
    ANONYMOUS(Kind.GAUGE, "rtm_anonymous", "1 when anybody who reaches this node may log in: insecure.anonymous"),

    LOCK_EVENTS(Kind.COUNTER, "rtm_lock_events_total", "Changes of locks", Label.EVENT_TYPE),
    HANDOFFS(
            Kind.COUNTER,
            "rtm_handoffs_total",
            "Locks that went from their owner to a waiter in one step, by how the owner lost it",
            Label.CAUSE),
    WAIT_SECONDS(Kind.LONG_HISTOGRAM, "rtm_wait_seconds", "How long those waited who were granted a lock after a wait"),
    HOLD_SECONDS(Kind.LONG_HISTOGRAM, "rtm_hold_seconds", "How long locks were held, told when they are not any more"),
    CHANNELS(Kind.GAUGE, "rtm_channels", "Channels of the shards led here"),
    LOCKS(Kind.GAUGE, "rtm_locks", "Locks of the shards led here"),
    LOCKS_HELD(Kind.GAUGE, "rtm_locks_held", "Those of them that have an owner"),
    WAITERS(Kind.GAUGE, "rtm_waiters", "Requests that wait for a lock of the shards led here"),
    QUEUED_COMMANDS(Kind.GAUGE, "rtm_queued_commands", "Commands that wait to be committed in the shards led here"),

    SHARDS_HOSTED(Kind.GAUGE, "rtm_shards_hosted", "Shards that have a replica on this node"),
    SHARDS_LED(Kind.GAUGE, "rtm_shards_led", "Shards led by this node"),
    SHARDS_WITHOUT_LEADER(
            Kind.GAUGE,
            "rtm_shards_without_leader",
            "Shards whose leader this node does not know: their clients are refused"),
    LEADER_CHANGES(
            Kind.COUNTER, "rtm_leader_changes_total", "Times this node began or ceased to lead a shard", Label.CHANGE),
    REPLICAS_BEHIND(
            Kind.GAUGE, "rtm_replicas_behind", "Replicas, of shards led here, that lack entries that are committed"),
    REPLICA_LAG(
            Kind.GAUGE,
            "rtm_replica_lag_entries",
            "How many committed entries the replica lacks that is furthest behind"),
    REPLICA_RESTARTS(
            Kind.COUNTER,
            "rtm_replica_restarts_total",
            "Times a replica here began anew because it failed or could not follow"),

    QUORUM(Kind.GAUGE, "rtm_quorum", "1 when this node sees enough nodes to decide anything, itself included"),
    NODES(Kind.GAUGE, "rtm_nodes", "Nodes that this node sees, itself included"),
    CLUSTER_SIZE(Kind.GAUGE, "rtm_cluster_size", "Nodes that the cluster is meant to have"),
    READY(Kind.GAUGE, "rtm_ready", "1 when /health/ready says 200"),
    MESSAGES_DROPPED(
            Kind.COUNTER,
            "rtm_node_messages_dropped_total",
            "Messages of other nodes, replicas and reports that could not be understood or were not for us",
            Label.MESSAGE),
    EVENT_LOOP_LAG(
            Kind.HISTOGRAM, "rtm_event_loop_lag_seconds", "How long a task waited for its turn on an event loop"),
    EVENT_LOOP_STUCK(
            Kind.GAUGE, "rtm_event_loop_stuck_seconds", "How long an event loop has not turned; 0 when all do");

    /** What Micrometer tells of the process. The labels, where there are any, have the words of the virtual machine. */
    public static final List<OfProcess> OF_PROCESS = List.of(
            new OfProcess("jvm_buffer_count_buffers", "gauge", "Buffers outside of the heap, by pool"),
            new OfProcess("jvm_buffer_memory_used_bytes", "gauge", "Memory they take"),
            new OfProcess("jvm_buffer_total_capacity_bytes", "gauge", "What they can hold"),
            new OfProcess(
                    "jvm_gc_concurrent_phase_time_seconds",
                    "summary",
                    "Collections beside the program, once there was one"),
            new OfProcess("jvm_gc_live_data_size_bytes", "gauge", "Long-lived data after the last full collection"),
            new OfProcess("jvm_gc_max_data_size_bytes", "gauge", "How large it may become"),
            new OfProcess("jvm_gc_memory_allocated_bytes_total", "counter", "Memory allocated"),
            new OfProcess("jvm_gc_memory_promoted_bytes_total", "counter", "Memory that became long-lived"),
            new OfProcess("jvm_gc_pause_seconds", "summary", "Pauses for collections, once there was one"),
            new OfProcess("jvm_memory_committed_bytes", "gauge", "Memory reserved, by area and pool"),
            new OfProcess("jvm_memory_max_bytes", "gauge", "Memory that may be reserved, -1 without a limit"),
            new OfProcess("jvm_memory_used_bytes", "gauge", "Memory in use"),
            new OfProcess("jvm_threads_daemon_threads", "gauge", "Threads that do not keep the process alive"),
            new OfProcess("jvm_threads_live_threads", "gauge", "All threads"),
            new OfProcess("jvm_threads_peak_threads", "gauge", "The most there ever were"),
            new OfProcess("jvm_threads_started_threads_total", "counter", "Threads started"),
            new OfProcess("jvm_threads_states_threads", "gauge", "Threads by state"),
            new OfProcess("process_cpu_time_ns_total", "counter", "Processor time used, in nanoseconds"),
            new OfProcess("process_cpu_usage", "gauge", "Share of the machine's processors used, 0 to 1"),
            new OfProcess("process_files_max_files", "gauge", "Files and sockets that may be open"),
            new OfProcess("process_files_open_files", "gauge", "Files and sockets that are"),
            new OfProcess("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970"),
            new OfProcess("process_uptime_seconds", "gauge", "How long it has been running"),
            new OfProcess("system_cpu_count", "gauge", "Processors there are for the process"),
            new OfProcess("system_cpu_usage", "gauge", "Share of the processors used by everything, 0 to 1"),
            new OfProcess("system_load_average_1m", "gauge", "Tasks that ran or wanted to, over a minute"));

    /** A metric of the process: its name, its type and what it says. */
    public record OfProcess(String text, String type, String help) {}

    /** What kind of number it is. */
    public enum Kind {
        /** How much there is now. */
        GAUGE,
        /** How often since the start. */
        COUNTER,
        /** Times from 100 µs to 5 s. */
        HISTOGRAM,
        /** Times from 10 ms to an hour. */
        LONG_HISTOGRAM;

        public boolean isHistogram() {
            return this == HISTOGRAM || this == LONG_HISTOGRAM;
        }

        /** As Prometheus calls it. */
        public String text() {
            return isHistogram() ? "histogram" : Label.lower(this);
        }
    }

    private final Kind kind;
    private final String text;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
    private final List<Label> labels;

    Metric(Kind kind, String text, String help, Label... labels) {
        this.kind = kind;
        this.text = text;
        this.help = help;
        this.labels = List.of(labels);
    }

    public Kind kind() {
        return kind;
    }

    /** Its name, in which the unit is the last part before {@code _total}. */
    public String text() {
        return text;
    }

    public String help() {
        return help;
    }

    public List<Label> labels() {
        return labels;
    }
}
