// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * One node as this process: starts it, says {@code ready}, and drains it when the process is told to stop. The process then
 * ends with {@link ExitStatus#OK}, however the draining went, after {@value #DRAIN_WITHIN_SECONDS} seconds at most.
 */
final class NodeProcess {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
    private static final int START_WITHIN_SECONDS = 60;
    private static final int DRAIN_WITHIN_SECONDS = 15;
    private static final int CLOSE_WITHIN_SECONDS = 5;

    private final Config config;
    private final CommandLine command;

    NodeProcess(Config config, CommandLine command) {
        this.config = config;
        this.command = command;
    }

    /** Returns how the process should end, if the node could not start; otherwise it does not return. */
    int run() throws InterruptedException {
        Vertx vertx = Vertx.vertx(vertxOptions());
        try {
            serve(vertx, await(Node.start(vertx, config), START_WITHIN_SECONDS));
            return ExitStatus.OK;
        } catch (ExecutionException e) {
            closeQuietly(vertx);
            return explain(e);
        } catch (TimeoutException e) {
            command.getErr().println("The node did not start within " + START_WITHIN_SECONDS + " s.");
            return ExitStatus.FAILED;
        }
    }

    private void serve(Vertx vertx, Node node) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, node), "drain"));
        if (!config.data().dir().isEmpty()) {
            LOG.warn("data.dir is not used: this version keeps its state in memory");
        }
        LOG.info("node {} serves; login {}", config.node().name(), config.auth().mode());
        command.getOut()
                .println("ready " + Urls.of(config.http().host(), node.httpPort()) + " (management "
                        + Urls.of(config.management().host(), node.managementPort()) + "health/ready)");
        command.getOut().flush();
        new CountDownLatch(1).await();
    }

    /** Runs while the virtual machine shuts down, which would end with the status of the signal: hence the halt. */
    private static void stop(Vertx vertx, Node node) {
        LOG.info("draining");
        try {
            await(node.drain(), DRAIN_WITHIN_SECONDS);
            LOG.info("drained");
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            LOG.warn("stopping, though not drained: {}", e.toString());
        }
        closeQuietly(vertx);
        Runtime.getRuntime().halt(ExitStatus.OK);
    }

    private int explain(ExecutionException failure) {
        List<Ports.Obstacle> obstacles = Ports.obstacles(config);
        if (obstacles.isEmpty()) {
            LOG.error("the node did not start", failure);
            return ExitStatus.FAILED;
        }
        obstacles.forEach(obstacle -> command.getErr().println(obstacle.sentence()));
        return obstacles.stream().allMatch(Ports.Obstacle::busy) ? ExitStatus.PORT_BUSY : ExitStatus.BAD_CONFIGURATION;
    }

    static void closeQuietly(Vertx vertx) {
        try {
            await(vertx.close(), CLOSE_WITHIN_SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            LOG.debug("closing", e);
        }
    }

    private static <T> T await(Future<T> future, int seconds)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    }

    /** The jar never changes while it runs, but the files on disk that stand in for it while developing do. */
    static VertxOptions vertxOptions() {
        return new VertxOptions().setFileSystemOptions(new FileSystemOptions().setFileCachingEnabled(false));
    }
}
