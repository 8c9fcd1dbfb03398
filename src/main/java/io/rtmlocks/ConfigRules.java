// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.KeyFile;
import io.rtmlocks.gateway.TokenAlgorithm;
import io.rtmlocks.tls.Credentials;
import io.rtmlocks.tls.UnusablePemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What settings must be in view of each other. One that was refused for itself is not judged again, nor by it another one. */
final class ConfigRules {
    private static final int SECRET_BYTES_MIN = 32;
    private static final int PORT_MAX = 65_535;
    private static final Pattern EVERY_INTERFACE =
            Pattern.compile("(::ffff:)?0+(\\.0+){0,3}|[0:.]*:[0:.]*", Pattern.CASE_INSENSITIVE);

    private static final Pattern ADDRESS = Pattern.compile("[\\d.]+|.*:.*");

    private final Config config;
    private final Settings settings;

    ConfigRules(Config config, Settings settings) {
        this.config = config;
        this.settings = settings;
    }

    /** Notes in the settings what does not fit together. */
    void check() {
        ports();
        managementToken();
        login();
        offlineAfter();
        ttlRange();
        remembered();
        clientTls();
        cluster();
    }

    private void ports() {
        int port = config.management().port();
        require(
                port == 0 || port != config.http().port(),
                ConfigKey.MANAGEMENT_PORT,
                "it must not be the port of the clients, http.port");
    }

    private void managementToken() {
        int length = bytes(config.management().token());
        require(
                length == 0 || length >= SECRET_BYTES_MIN,
                ConfigKey.MANAGEMENT_TOKEN,
                "it must be a secret of at least " + SECRET_BYTES_MIN + " bytes, or empty");
    }

    private void login() {
        Config.Auth auth = config.auth();
        boolean loginNeeded = auth.mode() == Config.Auth.Mode.JWT;
        require(
                loginNeeded
                        || config.insecure().anonymous()
                        || isLoopback(config.http().host()),
                ConfigKey.AUTH_MODE,
                "without a login the service is for this machine alone: set it to jwt, or http.host to 127.0.0.1 (it is "
                        + config.http().host() + ", from " + settings.origin(ConfigKey.HTTP_HOST) + ")");
        require(!auth.algorithms().isEmpty(), ConfigKey.AUTH_ALGORITHMS, "it must name at least one");
        require(
                !loginNeeded
                        || !auth.algorithms().contains(TokenAlgorithm.HS256)
                        || bytes(auth.hmacSecret()) >= SECRET_BYTES_MIN,
                ConfigKey.AUTH_HMAC_SECRET,
                "with auth.mode jwt and HS256 in auth.algorithms it must be a secret of at least " + SECRET_BYTES_MIN
                        + " bytes",
                ConfigKey.AUTH_ALGORITHMS);
        require(
                auth.hmacSecretAlso().isEmpty() || bytes(auth.hmacSecretAlso()) >= SECRET_BYTES_MIN,
                ConfigKey.AUTH_HMAC_SECRET_ALSO,
                "it must be empty or a secret of at least " + SECRET_BYTES_MIN + " bytes");
        keysFile(auth);
    }

    /** Each public-key algorithm has a key, and keys have an algorithm. */
    private void keysFile(Config.Auth auth) {
        Set<TokenAlgorithm> needed = new TreeSet<>(auth.algorithms());
        needed.removeIf(TokenAlgorithm::needsSecret);
        if (auth.keysFile().isEmpty()) {
            require(
                    auth.mode() == Config.Auth.Mode.NONE || needed.isEmpty(),
                    ConfigKey.AUTH_KEYS_FILE,
                    "with " + needed + " in auth.algorithms it must name a file of public keys");
            return;
        }
        if (needed.isEmpty()) {
            settings.refuse(
                    ConfigKey.AUTH_ALGORITHMS,
                    "auth.keysFile is for RS256 or ES256: name here by which of them tokens are signed");
            return;
        }
        try {
            KeyFile.read(Path.of(auth.keysFile())).keys().forEach(key -> needed.remove(key.algorithm()));
            require(needed.isEmpty(), ConfigKey.AUTH_KEYS_FILE, "there is no key for " + needed + " in it");
        } catch (IllegalArgumentException e) {
            settings.refuse(ConfigKey.AUTH_KEYS_FILE, String.valueOf(e.getMessage()));
        }
    }

    private void offlineAfter() {
        int heartbeatMs = config.session().heartbeatMs();
        require(
                config.session().offlineAfterMs() >= 2 * heartbeatMs,
                ConfigKey.SESSION_OFFLINE_AFTER_MS,
                "one lost heartbeat must not end a session: it must be at least twice session.heartbeatMs, which is "
                        + heartbeatMs + ", from " + settings.origin(ConfigKey.SESSION_HEARTBEAT_MS),
                ConfigKey.SESSION_HEARTBEAT_MS);
    }

    private void ttlRange() {
        int min = config.lock().ttlMinSeconds();
        require(
                min <= config.lock().ttlMaxSeconds(),
                ConfigKey.LOCK_TTL_MAX_SECONDS,
                "it must be at least lock.ttlMinSeconds, which is " + min + ", from "
                        + settings.origin(ConfigKey.LOCK_TTL_MIN_SECONDS),
                ConfigKey.LOCK_TTL_MIN_SECONDS);
    }

    private void remembered() {
        int ttlMaxSeconds = config.lock().ttlMaxSeconds();
        require(
                config.session().rememberedMs() >= TimeUnit.SECONDS.toMillis(ttlMaxSeconds),
                ConfigKey.SESSION_REMEMBERED_MS,
                "an owner that is away has its lock for the whole ttl: it must be at least lock.ttlMaxSeconds, which is "
                        + ttlMaxSeconds + " s, from " + settings.origin(ConfigKey.LOCK_TTL_MAX_SECONDS),
                ConfigKey.LOCK_TTL_MAX_SECONDS);
    }

    private void cluster() {
        Config.Cluster cluster = config.cluster();
        int members = cluster.members().size();
        require(
                cluster.size() == Math.max(1, members),
                ConfigKey.CLUSTER_SIZE,
                "it must be the number of cluster.members, which is " + members + ", or 1 without members",
                ConfigKey.CLUSTER_MEMBERS);
        if (members == 0) {
            return;
        }
        require(
                cluster.members().stream().anyMatch(each -> each.endsWith(":" + cluster.port())),
                ConfigKey.CLUSTER_MEMBERS,
                "it must contain this node, whose cluster.port is " + cluster.port(),
                ConfigKey.CLUSTER_PORT);
        require(
                Set.copyOf(cluster.members()).size() == members,
                ConfigKey.CLUSTER_MEMBERS,
                "one is there twice: name each node once");
        require(
                cluster.members().stream().noneMatch(each -> isEveryInterface(hostOf(each))),
                ConfigKey.CLUSTER_MEMBERS,
                "each must be where the other nodes reach it: write the cluster.host of each node, not every address");
        require(
                !isEveryInterface(cluster.host()),
                ConfigKey.CLUSTER_HOST,
                "the other nodes are told it to reach this one: write the one address of this machine that they reach, as "
                        + "in cluster.members, such as 10.0.0.11");
        require(
                !isLoopback(cluster.host()) || cluster.members().stream().noneMatch(ConfigRules::isElsewhere),
                ConfigKey.CLUSTER_HOST,
                "there no other machine reaches this node: write the address of this machine that is in cluster.members");
        require(
                bytes(cluster.secret()) >= SECRET_BYTES_MIN || staysOnThisMachine(cluster),
                ConfigKey.CLUSTER_SECRET,
                "with members on other machines it must be a secret of at least " + SECRET_BYTES_MIN + " bytes");
        clusterPorts(cluster);
        clusterTls(cluster);
    }

    private void clusterPorts(Config.Cluster cluster) {
        require(
                cluster.port() != config.http().port()
                        && cluster.port() != config.management().port(),
                ConfigKey.CLUSTER_PORT,
                "it must not be http.port or management.port");
        int busPort = cluster.busPort();
        boolean isTaken = busPort == cluster.port()
                || busPort == config.http().port()
                || busPort == config.management().port();
        require(
                busPort == 0 || (!isTaken && busPort <= PORT_MAX),
                ConfigKey.CLUSTER_BUS_PORT,
                "with it the node would take port " + busPort + " for messages between nodes, which must be at most "
                        + PORT_MAX + " and none of its other ports");
    }

    private void clientTls() {
        Config.Pair tls = config.http().tls();
        pair(tls, ConfigKey.HTTP_TLS_CERTIFICATE, ConfigKey.HTTP_TLS_KEY);
    }

    private void clusterTls(Config.Cluster cluster) {
        pair(cluster.tls(), ConfigKey.CLUSTER_TLS_CERTIFICATE, ConfigKey.CLUSTER_TLS_KEY);
        require(
                cluster.tls().isSet() != cluster.tlsAuthority().isEmpty(),
                ConfigKey.CLUSTER_TLS_AUTHORITY,
                "it goes with cluster.tlsCertificate and cluster.tlsKey: set all three, or none");
        if (!cluster.tlsAuthority().isEmpty()) {
            try {
                Credentials.authorities(Path.of(cluster.tlsAuthority()));
            } catch (UnusablePemException e) {
                settings.refuse(ConfigKey.CLUSTER_TLS_AUTHORITY, String.valueOf(e.getMessage()));
            }
        }
    }

    /** The files are read once more when the node starts: who replaces them between must see to it that they are good. */
    private void pair(Config.Pair pair, ConfigKey certificate, ConfigKey key) {
        require(
                pair.certificate().isEmpty() == pair.key().isEmpty(),
                pair.key().isEmpty() ? key : certificate,
                "a certificate and its key go together: set both, or none");
        if (pair.isSet()) {
            try {
                Credentials.read(Path.of(pair.certificate()), Path.of(pair.key()));
            } catch (UnusablePemException e) {
                settings.refuse(
                        e.file().equals(Path.of(pair.certificate())) ? certificate : key,
                        String.valueOf(e.getMessage()));
            }
        }
    }

    private static boolean staysOnThisMachine(Config.Cluster cluster) {
        return isLoopback(cluster.host()) && cluster.members().stream().allMatch(ConfigRules::isOnThisMachine);
    }

    private static boolean isOnThisMachine(String member) {
        return isLoopback(hostOf(member));
    }

    /** Surely so; what a name stands for is not known here. */
    private static boolean isElsewhere(String member) {
        return ADDRESS.matcher(hostOf(member)).matches() && !isOnThisMachine(member);
    }

    private static String hostOf(String member) {
        String host = member.substring(0, member.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** @param against other settings that decide whether it holds */
    private void require(boolean holds, ConfigKey key, String otherwise, ConfigKey... against) {
        if (!holds && Stream.of(against).noneMatch(settings::isRefused)) {
            settings.refuse(key, otherwise);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    /** Whether this stands for every address of a machine, and so for none that another one could reach. */
    static boolean isEveryInterface(String host) {
        return EVERY_INTERFACE.matcher(host).matches();
    }
}
