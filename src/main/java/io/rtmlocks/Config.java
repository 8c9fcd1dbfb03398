// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.TokenAlgorithm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one node, each checked alone and against the others. What one means, its unit and its range stand in
 * {@code conf/rtm-locks.yaml}; the same names are used here. Its text form shows no secret.
 */
public record Config(
        Node node,
        Data data,
        Http http,
        Management management,
        Cluster cluster,
        Auth auth,
        Insecure insecure,
        Session session,
        Lock lock,
        Limits limits,
        Log log) {

    /**
     * Which node this is.
     *
     * @param name the same after each start of this node, another on each node
     */
    public record Node(String name) {}

    /** Where a node keeps what must outlive it; not used yet, state is in memory. */
    public record Data(String dir) {}

    /**
     * The port of the clients.
     *
     * @param port 0 for any that is free
     * @param allowedOrigins pages of other origins that may connect; pages of the same origin always may
     * @param tls what this node shows its clients; connections are not encrypted when it is not set
     */
    public record Http(String host, int port, List<String> allowedOrigins, Pair tls, int frameBytesMax) {
        public Http {
            allowedOrigins = List.copyOf(allowedOrigins);
        }
    }

    /**
     * PEM files that belong together: names, or empty for none.
     *
     * @param certificate the chain may follow in the same file
     */
    public record Pair(String certificate, String key) {
        public boolean isSet() {
            return !certificate.isEmpty() && !key.isEmpty();
        }
    }

    /**
     * The port of health, metrics and administration.
     *
     * @param port 0 for any that is free
     * @param token who has it may administer; empty for whoever is on this machine
     */
    public record Management(String host, int port, String token) {
        @Override
        public String toString() {
            return "Management[host=" + host + ", port=" + port + ']';
        }
    }

    /** What is logged and how: {@code format} auto, text or json; {@code level} error, warn, info or debug. */
    public record Log(String format, String level) {}

    /**
     * The other nodes.
     *
     * @param members {@code host:port} of every node, this one included; empty for a single node
     * @param size how many nodes the cluster is meant to have
     * @param busPort for the messages between nodes; 0 for any that is free
     * @param shards the same on every node, and never changed while the cluster runs
     * @param tls what this node shows the others; when it is not set, what the secret gives
     * @param tlsAuthority a PEM file with who vouches for the others
     */
    public record Cluster(
            String host,
            int port,
            int busPort,
            List<String> members,
            int size,
            int shards,
            String name,
            String secret,
            Pair tls,
            String tlsAuthority) {
        public Cluster {
            members = List.copyOf(members);
        }

        @Override
        public String toString() {
            return "Cluster[host=" + host + ", port=" + port + ", members=" + members + ", size=" + size + ", shards="
                    + shards + ", name=" + name + ']';
        }
    }

    /**
     * Who may log in.
     *
     * @param algorithms by which a token may be signed
     * @param hmacSecret the secret of HS256, empty or at least 32 bytes long
     * @param hmacSecretAlso another that counts as well, while secrets change; the same
     * @param keysFile the public keys of the other algorithms; empty for none
     * @param issuer whose tokens count; empty for anybody's who can sign
     * @param audience for which the tokens must be made out; empty when they must be for none
     */
    public record Auth(
            Mode mode,
            Set<TokenAlgorithm> algorithms,
            String hmacSecret,
            String hmacSecretAlso,
            String keysFile,
            String issuer,
            String audience) {
        public Auth {
            algorithms = Set.copyOf(algorithms);
        }

        public enum Mode {
            /** Everybody, as whoever they say they are. */
            NONE,
            /** Who brings a signed token. */
            JWT
        }

        @Override
        public String toString() {
            return "Auth[mode=" + mode + ", algorithms=" + algorithms + ", keysFile=" + keysFile + ", issuer=" + issuer
                    + ", audience=" + audience + ']';
        }
    }

    /** What nobody should set in earnest: {@code anonymous} lets everybody in from everywhere without a login. */
    public record Insecure(boolean anonymous) {}

    /** Whether anybody in the network may be anybody. */
    public boolean isOpenToAll() {
        return auth.mode == Auth.Mode.NONE && insecure.anonymous;
    }

    public record Session(int heartbeatMs, int offlineAfterMs, int leaveGraceMs, int rememberedMs, int loginWithinMs) {}

    public record Lock(int ttlMinSeconds, int ttlMaxSeconds, int ttlDefaultSeconds) {}

    /** What one client, one lock, one channel may take; a rate of 0 is no limit. */
    public record Limits(
            int acquirePerSecond,
            int opsPerSecond,
            int locksPerChannel,
            int waitersPerLock,
            int locksPerUser,
            int waitersPerUser,
            int channelsPerShard,
            int metadataBytes,
            int subscriptionsPerSession,
            int inFlightPerSession,
            int badFramesPerMinute,
            int refusalsInARow,
            int queuedBytesPerConnection,
            int connections,
            int connectionsPerAddress,
            int handshakesPerSecond,
            int handshakesPerSecondPerAddress,
            int handshakeWithinMs,
            int headBytes,
            int bytesPerSecond,
            int subscriptionsPerUser,
            int answersPerSession,
            int answerKeptMs) {}

    /**
     * The settings of a node that serves: defaults, overridden by the file, overridden by the environment.
     *
     * @param file a YAML file, or null for none
     * @param environment all variables; those whose names begin with {@code RTM_} are settings
     * @throws ConfigException naming everything that is wrong with them
     */
    public static Config load(@Nullable Path file, Map<String, String> environment) {
        return Settings.read(file, environment, Map.of()).toConfig();
    }

    /**
     * The defaults, overridden by what is given here: for a node started by code.
     *
     * @param settings values by their place in the file, such as {@code "http.port"}; a list is separated by commas
     * @throws ConfigException naming everything that is wrong with them
     */
    public static Config of(Map<String, String> settings) {
        return Settings.read(null, Map.of(), settings).toConfig();
    }

    /** The bounds of the lock table of each shard. */
    public io.rtmlocks.lock.Limits tableLimits() {
        return new io.rtmlocks.lock.Limits(
                lock.ttlMinSeconds,
                lock.ttlMaxSeconds,
                lock.ttlDefaultSeconds,
                limits.locksPerChannel,
                limits.waitersPerLock,
                limits.locksPerUser,
                limits.waitersPerUser,
                limits.channelsPerShard,
                limits.metadataBytes,
                limits.answersPerSession,
                limits.answerKeptMs,
                session.rememberedMs,
                io.rtmlocks.lock.Limits.STANDARD.duePerTickMax());
    }
}
