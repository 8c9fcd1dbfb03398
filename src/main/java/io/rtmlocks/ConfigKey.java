// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static io.rtmlocks.Allowed.address;
import static io.rtmlocks.Allowed.hostAndPort;
import static io.rtmlocks.Allowed.identifier;
import static io.rtmlocks.Allowed.listOf;
import static io.rtmlocks.Allowed.oneOf;
import static io.rtmlocks.Allowed.origin;
import static io.rtmlocks.Allowed.port;
import static io.rtmlocks.Allowed.portOrNone;
import static io.rtmlocks.Allowed.text;
import static io.rtmlocks.Allowed.whole;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every setting: its place in the file, its default, and what it may be. Its environment variable is {@code RTM_} and the
 * name of the constant; for a secret, the same with {@code _FILE} names a file that holds it. {@code conf/rtm-locks.yaml}
 * explains each.
 */
enum ConfigKey {
    NODE_NAME("node.name", "node-1", identifier()),
    DATA_DIR("data.dir", "", text()),

    LOG_FORMAT("log.format", "auto", oneOf("auto", "text", "json")),
    LOG_LEVEL("log.level", "info", oneOf("error", "warn", "info", "debug")),

    HTTP_HOST("http.host", "127.0.0.1", address()),
    HTTP_PORT("http.port", "8080", port()),
    HTTP_ALLOWED_ORIGINS("http.allowedOrigins", "", listOf(origin())),
    HTTP_TLS_CERTIFICATE("http.tlsCertificate", "", text()),
    HTTP_TLS_KEY("http.tlsKey", "", text()),
    HTTP_FRAME_BYTES_MAX("http.frameBytesMax", "65536", whole(1_024, 16_777_216)),

    MANAGEMENT_HOST("management.host", "127.0.0.1", address()),
    MANAGEMENT_PORT("management.port", "9080", port()),
    MANAGEMENT_TOKEN("management.token", "", text()),

    CLUSTER_HOST("cluster.host", "127.0.0.1", address()),
    CLUSTER_PORT("cluster.port", "5701", whole(1, 65_535)),
    CLUSTER_BUS_PORT("cluster.busPort", "", portOrNone()),
    CLUSTER_MEMBERS("cluster.members", "", listOf(hostAndPort())),
    CLUSTER_SIZE("cluster.size", "1", whole(1, 100)),
    CLUSTER_SHARDS("cluster.shards", "16", whole(1, 1_024)),
    CLUSTER_NAME("cluster.name", "rtm-locks", identifier()),
    CLUSTER_SECRET("cluster.secret", "", text()),
    CLUSTER_TLS_CERTIFICATE("cluster.tlsCertificate", "", text()),
    CLUSTER_TLS_KEY("cluster.tlsKey", "", text()),
    CLUSTER_TLS_AUTHORITY("cluster.tlsAuthority", "", text()),

    AUTH_MODE("auth.mode", "none", oneOf("none", "jwt")),
    AUTH_ALGORITHMS("auth.algorithms", "HS256", listOf(oneOf("HS256", "RS256", "ES256"))),
    AUTH_HMAC_SECRET("auth.hmacSecret", "", text()),
    AUTH_HMAC_SECRET_ALSO("auth.hmacSecretAlso", "", text()),
    AUTH_KEYS_FILE("auth.keysFile", "", text()),
    AUTH_ISSUER("auth.issuer", "", text()),
    AUTH_AUDIENCE("auth.audience", "", text()),

    INSECURE_ANONYMOUS("insecure.anonymous", "false", oneOf("true", "false")),

    SESSION_HEARTBEAT_MS("session.heartbeatMs", "5000", whole(50, 600_000)),
    SESSION_OFFLINE_AFTER_MS("session.offlineAfterMs", "15000", whole(100, 3_600_000)),
    SESSION_LEAVE_GRACE_MS("session.leaveGraceMs", "2000", whole(0, 600_000)),
    SESSION_REMEMBERED_MS("session.rememberedMs", "300000", whole(1_000, 86_400_000)),
    SESSION_LOGIN_WITHIN_MS("session.loginWithinMs", "10000", whole(100, 600_000)),

    LOCK_TTL_MIN_SECONDS("lock.ttlMinSeconds", "10", whole(1, 86_400)),
    LOCK_TTL_MAX_SECONDS("lock.ttlMaxSeconds", "300", whole(1, 86_400)),
    LOCK_TTL_DEFAULT_SECONDS("lock.ttlDefaultSeconds", "10", whole(1, 86_400)),

    LIMITS_ACQUIRE_PER_SECOND("limits.acquirePerSecond", "10", whole(0, 1_000_000)),
    LIMITS_OPS_PER_SECOND("limits.opsPerSecond", "20", whole(0, 1_000_000)),
    LIMITS_LOCKS_PER_CHANNEL("limits.locksPerChannel", "32", whole(1, 100_000)),
    LIMITS_WAITERS_PER_LOCK("limits.waitersPerLock", "1000", whole(0, 1_000_000)),
    LIMITS_LOCKS_PER_USER("limits.locksPerUser", "2000", whole(1, 1_000_000)),
    LIMITS_WAITERS_PER_USER("limits.waitersPerUser", "2000", whole(0, 1_000_000)),
    LIMITS_CHANNELS_PER_SHARD("limits.channelsPerShard", "250000", whole(1, 100_000_000)),
    LIMITS_METADATA_BYTES("limits.metadataBytes", "16384", whole(0, 1_048_576)),
    LIMITS_SUBSCRIPTIONS_PER_SESSION("limits.subscriptionsPerSession", "100", whole(1, 100_000)),
    LIMITS_IN_FLIGHT_PER_SESSION("limits.inFlightPerSession", "1000", whole(1, 100_000)),
    LIMITS_BAD_FRAMES_PER_MINUTE("limits.badFramesPerMinute", "20", whole(1, 1_000_000)),
    LIMITS_REFUSALS_IN_A_ROW("limits.refusalsInARow", "500", whole(1, 100_000_000)),
    LIMITS_QUEUED_BYTES_PER_CONNECTION("limits.queuedBytesPerConnection", "1048576", whole(65_536, 1_073_741_824)),
    LIMITS_CONNECTIONS("limits.connections", "100000", whole(1, 10_000_000)),
    LIMITS_CONNECTIONS_PER_ADDRESS("limits.connectionsPerAddress", "10000", whole(0, 10_000_000)),
    LIMITS_HANDSHAKES_PER_SECOND("limits.handshakesPerSecond", "2000", whole(0, 1_000_000)),
    LIMITS_HANDSHAKES_PER_SECOND_PER_ADDRESS("limits.handshakesPerSecondPerAddress", "500", whole(0, 1_000_000)),
    LIMITS_HANDSHAKE_WITHIN_MS("limits.handshakeWithinMs", "10000", whole(100, 600_000)),
    LIMITS_HEAD_BYTES("limits.headBytes", "8192", whole(1_024, 65_536)),
    LIMITS_BYTES_PER_SECOND("limits.bytesPerSecond", "1048576", whole(0, 1_073_741_824)),
    LIMITS_SUBSCRIPTIONS_PER_USER("limits.subscriptionsPerUser", "1000", whole(1, 1_000_000)),
    LIMITS_ANSWERS_PER_SESSION("limits.answersPerSession", "2000", whole(1, 1_000_000)),
    LIMITS_ANSWER_KEPT_MS("limits.answerKeptMs", "60000", whole(1_000, 3_600_000));

    private static final String IN_FILE = "_FILE";

    private static final Map<String, ConfigKey> BY_PATH =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ConfigKey::path, key -> key));
    private static final Map<String, ConfigKey> BY_VARIABLE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ConfigKey::variable, key -> key));

    private static final Set<String> SECTIONS =
            Arrays.stream(values()).map(ConfigKey::section).collect(Collectors.toUnmodifiableSet());

    private final String path;
    private final String defaultText;

    @SuppressWarnings("ImmutableEnumChecker") // its test keeps no state
    private final Allowed allowed;

    ConfigKey(String path, String defaultText, Allowed allowed) {
        this.path = path;
        this.defaultText = defaultText;
        this.allowed = allowed;
    }

    static Optional<ConfigKey> ofPath(String path) {
        return Optional.ofNullable(BY_PATH.get(path));
    }

    static Optional<ConfigKey> ofVariable(String variable) {
        return Optional.ofNullable(BY_VARIABLE.get(variable));
    }

    static Set<String> paths() {
        return BY_PATH.keySet();
    }

    /** The secret that is in the file which this variable names. */
    static Optional<ConfigKey> ofFileVariable(String variable) {
        return variable.endsWith(IN_FILE)
                ? ofVariable(variable.substring(0, variable.length() - IN_FILE.length()))
                        .filter(ConfigKey::isSecret)
                : Optional.empty();
    }

    static Set<String> variables() {
        Set<String> names = new HashSet<>(BY_VARIABLE.keySet());
        Arrays.stream(values()).filter(ConfigKey::isSecret).forEach(key -> names.add(key.variable() + IN_FILE));
        return names;
    }

    /** The names at the top level of the file. */
    static Set<String> sections() {
        return SECTIONS;
    }

    /** The place in the file: {@code section.name}. */
    String path() {
        return path;
    }

    String section() {
        return path.substring(0, path.indexOf('.'));
    }

    /** The last part of its path. */
    String label() {
        return path.substring(path.indexOf('.') + 1);
    }

    /** The environment variable. */
    String variable() {
        return "RTM_" + name();
    }

    /** The value in force when nobody gives one, as it would be written in the environment. */
    String defaultText() {
        return defaultText;
    }

    Allowed allowed() {
        return allowed;
    }

    /** Whether the value is never shown. */
    boolean isSecret() {
        return this == CLUSTER_SECRET
                || this == AUTH_HMAC_SECRET
                || this == AUTH_HMAC_SECRET_ALSO
                || this == MANAGEMENT_TOKEN;
    }
}
