// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static io.rtmlocks.ConfigKey.*;

import io.rtmlocks.gateway.TokenAlgorithm;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns the text of the settings into the tree of records. */
final class ConfigReader {
    private static final int BUS_PORT_AFTER = 100;

    private final Settings settings;

    private ConfigReader(Settings settings) {
        this.settings = settings;
    }

    static Config read(Settings settings) {
        ConfigReader reader = new ConfigReader(settings);
        return new Config(
                new Config.Node(settings.text(NODE_NAME)),
                new Config.Data(settings.text(DATA_DIR)),
                reader.http(),
                new Config.Management(
                        settings.text(MANAGEMENT_HOST),
                        reader.number(MANAGEMENT_PORT),
                        settings.text(MANAGEMENT_TOKEN)),
                reader.cluster(),
                reader.auth(),
                new Config.Insecure(Boolean.parseBoolean(settings.text(INSECURE_ANONYMOUS))),
                reader.session(),
                reader.lock(),
                reader.limits(),
                new Config.Log(settings.text(LOG_FORMAT), settings.text(LOG_LEVEL)));
    }

    private Config.Http http() {
        return new Config.Http(
                settings.text(HTTP_HOST),
                number(HTTP_PORT),
                list(HTTP_ALLOWED_ORIGINS),
                pair(HTTP_TLS_CERTIFICATE, HTTP_TLS_KEY),
                number(HTTP_FRAME_BYTES_MAX));
    }

    private Config.Cluster cluster() {
        return new Config.Cluster(
                settings.text(CLUSTER_HOST),
                number(CLUSTER_PORT),
                busPort(),
                list(CLUSTER_MEMBERS),
                number(CLUSTER_SIZE),
                number(CLUSTER_SHARDS),
                settings.text(CLUSTER_NAME),
                settings.text(CLUSTER_SECRET),
                pair(CLUSTER_TLS_CERTIFICATE, CLUSTER_TLS_KEY),
                settings.text(CLUSTER_TLS_AUTHORITY));
    }

    private int busPort() {
        return settings.text(CLUSTER_BUS_PORT).isEmpty()
                ? number(CLUSTER_PORT) + BUS_PORT_AFTER
                : number(CLUSTER_BUS_PORT);
    }

    private Config.Pair pair(ConfigKey certificate, ConfigKey key) {
        return new Config.Pair(settings.text(certificate), settings.text(key));
    }

    private Config.Auth auth() {
        return new Config.Auth(
                Config.Auth.Mode.valueOf(settings.text(AUTH_MODE).toUpperCase(Locale.ROOT)),
                list(AUTH_ALGORITHMS).stream().map(TokenAlgorithm::valueOf).collect(Collectors.toSet()),
                settings.text(AUTH_HMAC_SECRET),
                settings.text(AUTH_HMAC_SECRET_ALSO),
                settings.text(AUTH_KEYS_FILE),
                settings.text(AUTH_ISSUER),
                settings.text(AUTH_AUDIENCE));
    }

    private Config.Session session() {
        return new Config.Session(
                number(SESSION_HEARTBEAT_MS),
                number(SESSION_OFFLINE_AFTER_MS),
                number(SESSION_LEAVE_GRACE_MS),
                number(SESSION_REMEMBERED_MS),
                number(SESSION_LOGIN_WITHIN_MS));
    }

    private Config.Lock lock() {
        return new Config.Lock(
                number(LOCK_TTL_MIN_SECONDS), number(LOCK_TTL_MAX_SECONDS), number(LOCK_TTL_DEFAULT_SECONDS));
    }

    private Config.Limits limits() {
        return new Config.Limits(
                number(LIMITS_ACQUIRE_PER_SECOND),
                number(LIMITS_OPS_PER_SECOND),
                number(LIMITS_LOCKS_PER_CHANNEL),
                number(LIMITS_WAITERS_PER_LOCK),
                number(LIMITS_LOCKS_PER_USER),
                number(LIMITS_WAITERS_PER_USER),
                number(LIMITS_CHANNELS_PER_SHARD),
                number(LIMITS_METADATA_BYTES),
                number(LIMITS_SUBSCRIPTIONS_PER_SESSION),
                number(LIMITS_IN_FLIGHT_PER_SESSION),
                number(LIMITS_BAD_FRAMES_PER_MINUTE),
                number(LIMITS_REFUSALS_IN_A_ROW),
                number(LIMITS_QUEUED_BYTES_PER_CONNECTION),
                number(LIMITS_CONNECTIONS),
                number(LIMITS_CONNECTIONS_PER_ADDRESS),
                number(LIMITS_HANDSHAKES_PER_SECOND),
                number(LIMITS_HANDSHAKES_PER_SECOND_PER_ADDRESS),
                number(LIMITS_HANDSHAKE_WITHIN_MS),
                number(LIMITS_HEAD_BYTES),
                number(LIMITS_BYTES_PER_SECOND),
                number(LIMITS_SUBSCRIPTIONS_PER_USER),
                number(LIMITS_ANSWERS_PER_SESSION),
                number(LIMITS_ANSWER_KEPT_MS));
    }

    private int number(ConfigKey key) {
        return Integer.parseInt(settings.text(key));
    }

    private List<String> list(ConfigKey key) {
        return Allowed.items(settings.text(key));
    }
}
