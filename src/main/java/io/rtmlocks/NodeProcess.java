// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.DemoNodes;
import io.rtmlocks.telemetry.LogEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * One node, or several, as this process: starts them, says {@code ready}, and drains them when the process is told to stop. It then
 * ends with {@link ExitStatus#OK}, however the draining went, after {@value #DRAIN_WITHIN_SECONDS} seconds at most.
 */
final class NodeProcess {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
    private static final int START_WITHIN_SECONDS = 60;
    private static final int DRAIN_WITHIN_SECONDS = 15;
    private static final int CLOSE_WITHIN_SECONDS = 5;
    private static final int CORES_OF_AN_EVENT_LOOP = 2;

    private static final String OPEN_TO_ALL = """
            ********************************************************************************
            *  INSECURE: anybody who reaches this node may log in as anybody, and do       *
            *  everything. insecure.anonymous is for trials in a network you trust.        *
            *  For all else set auth.mode to jwt.                                          *
            ********************************************************************************""";

    private final List<Config> configs;
    private final DemoNodes demoNodes;
    private final CommandLine command;

    /**
     * @param configs of the nodes, usually one
     * @param demoNodes what their demo page is told
     */
    NodeProcess(List<Config> configs, DemoNodes demoNodes, CommandLine command) {
        this.configs = List.copyOf(configs);
        this.demoNodes = demoNodes;
        this.command = command;
    }

    /** Returns how the process should end, if a node could not start; otherwise it does not return. */
    int run() throws InterruptedException {
        LogSettings.apply(configs.get(0).log());
        List<Ports.Obstacle> obstacles = obstacles();
        if (!obstacles.isEmpty()) {
            return explain(obstacles);
        }
        List<Future<Node>> starting = new CopyOnWriteArrayList<>();
        Thread onSignal = new Thread(() -> stop(starting), "drain");
        Runtime.getRuntime().addShutdownHook(onSignal);
        int status = serve(starting);
        Runtime.getRuntime().removeShutdownHook(onSignal);
        return status;
    }

    /** Returns only if a node could not start. */
    private int serve(List<Future<Node>> starting) throws InterruptedException {
        try {
            configs.forEach(config -> starting.add(Node.start(vertxOptions(), config, demoNodes)));
            announce(await(Future.all(starting), startWithinSeconds()).list());
            new CountDownLatch(1).await();
            return ExitStatus.OK;
        } catch (ExecutionException e) {
            List<Ports.Obstacle> obstacles = obstacles();
            if (obstacles.isEmpty()) {
                LogEvent.NODE_START_FAILED.on(LOG).setCause(e).log();
                return ExitStatus.FAILED;
            }
            return explain(obstacles);
        } catch (TimeoutException e) {
            command.getErr().println("The node did not start within " + START_WITHIN_SECONDS + " s.");
            return ExitStatus.FAILED;
        }
    }

    /** A member waits for the others, however long it takes them to come. */
    private int startWithinSeconds() {
        boolean isAlone = configs.get(0).cluster().members().isEmpty();
        return isAlone ? START_WITHIN_SECONDS : Integer.MAX_VALUE;
    }

    private void announce(List<Node> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            announce(configs.get(i), nodes.get(i));
        }
        command.getOut().flush();
    }

    private void announce(Config config, Node node) {
        if (config.isOpenToAll()) {
            command.getErr().println(OPEN_TO_ALL);
            LogEvent.OPEN_TO_ALL
                    .on(LOG)
                    .addKeyValue("node", config.node().name())
                    .log();
        }
        if (!config.data().dir().isEmpty()) {
            LogEvent.DATA_DIR_UNUSED.on(LOG).log();
        }
        LogEvent.NODE_SERVES
                .on(LOG)
                .addKeyValue("node", config.node().name())
                .addKeyValue("port", node.httpPort())
                .addKeyValue("login", config.auth().mode())
                .log();
        command.getOut()
                .println("ready " + Urls.of(config.http(), node.httpPort()) + " (management "
                        + Urls.of(config.management().host(), node.managementPort()) + "health/ready)");
    }

    /**
     * Runs while the virtual machine shuts down, which would end with the status of the signal: hence the halt. A node that has not
     * started has promised nothing to anybody.
     */
    private static void stop(List<Future<Node>> starting) {
        LogEvent.DRAINING.on(LOG).log();
        List<Node> nodes =
                starting.stream().filter(Future::succeeded).map(Future::result).toList();
        try {
            await(Future.join(nodes.stream().map(Node::drain).toList()), DRAIN_WITHIN_SECONDS);
            LogEvent.DRAINED.on(LOG).log();
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            LogEvent.NOT_DRAINED.on(LOG).addKeyValue("why", e).log();
        }
        nodes.forEach(node -> closeQuietly(node.vertx()));
        Runtime.getRuntime().halt(ExitStatus.OK);
    }

    private List<Ports.Obstacle> obstacles() {
        return configs.stream()
                .flatMap(config -> Ports.obstacles(config).stream())
                .toList();
    }

    private int explain(List<Ports.Obstacle> obstacles) {
        obstacles.forEach(obstacle -> command.getErr().println(obstacle.sentence()));
        return obstacles.stream().allMatch(Ports.Obstacle::mayPass)
                ? ExitStatus.PORT_BUSY
                : ExitStatus.BAD_CONFIGURATION;
    }

    static void closeQuietly(Vertx vertx) {
        try {
            await(vertx.close(), CLOSE_WITHIN_SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            LogEvent.CLOSE_FAILED.on(LOG).setCause(e).log();
        }
    }

    private static <T> T await(Future<T> future, int seconds)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    }

    /**
     * Few event loops, because messages go from one to the other. Vert.x looks for no file in the jar, or it would make a folder for
     * copies, which a node that is killed leaves behind. Nothing is kept of files that change on disk.
     */
    static VertxOptions vertxOptions() {
        return new VertxOptions()
                .setEventLoopPoolSize(Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_OF_AN_EVENT_LOOP))
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }
}
