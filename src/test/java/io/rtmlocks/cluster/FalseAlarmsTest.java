// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import io.rtmlocks.FreePorts;
import io.rtmlocks.shard.NodeBus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.File;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** As it is shipped, the log is quiet about messages that are lost with a node, and about nothing else. */
class FalseAlarmsTest {

    private static final String VERTX = "io.vertx.core.impl.ContextImpl";
    private static final int PEERS_MAX = 20;

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger vertxLogger = (Logger) LoggerFactory.getLogger(VERTX);
    private final LoggerContext shipped = new LoggerContext();
    private Appender<ILoggingEvent> console;

    @BeforeEach
    void listen() throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(shipped);
        configurator.doConfigure(new File("conf/logback.xml"));
        console = shipped.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("CONSOLE");
        lines.start();
        vertxLogger.addAppender(lines);
        vertxLogger.setAdditive(false);
    }

    @AfterEach
    void end() {
        vertxLogger.detachAppender(lines);
        vertxLogger.setAdditive(true);
        shipped.stop();
    }

    /** If nothing is logged here any more, Vert.x is mended, and the filter can go. */
    @Test
    void nothing_is_said_of_messages_to_a_node_that_has_died() throws Exception {
        int port = FreePorts.one();
        Vertx sender = join(new Member("sender", "1"), port, port);
        try {
            for (int i = 0; i < PEERS_MAX && lines.list.isEmpty(); i++) {
                Member peer = new Member("peer" + i, "1");
                sendUntilItDies(sender, join(peer, FreePorts.one(), port), peer);
            }
        } finally {
            await(sender.close());
        }

        assertThat(lines.list).isNotEmpty();
        assertThat(lines.list).allSatisfy(each -> assertThat(isShown(each)).isFalse());
    }

    private static void sendUntilItDies(Vertx sender, Vertx peer, Member member) throws Exception {
        String address = NodeBus.addressOf(member.id());
        await(peer.eventBus()
                .consumer(address, message -> message.reply("here"))
                .completion());
        await(sender.eventBus().request(address, "are you there?"));
        Future<Void> dead = peer.close();
        while (!dead.isComplete()) {
            sender.eventBus().send(address, "hello");
        }
    }

    /** As it was seen: the connection had ended before the message was written, and we are on the stack that wrote it. */
    @Test
    void nothing_is_said_of_message_to_a_connection_that_has_ended() {
        String emits = "io.vertx.core.impl.future.FutureBase.emitResult";
        String connection = "io.vertx.core.eventbus.impl.clustered.OutboundConnection.writeMessage";
        String ours = "io.rtmlocks.shard.Outbox.send";

        assertThat(isShown(unhandled(completedTwice(emits, connection, ours)))).isFalse();
        assertThat(isShown(unhandled(completedTwice(emits, ours)))).isTrue();
    }

    private static Throwable completedTwice(String... under) {
        Throwable thrown = new IllegalStateException("Promise already completed");
        thrown.setStackTrace(Stream.concat(
                        Stream.of("io.vertx.core.Promise.fail", "io.vertx.core.Promise.complete"), Stream.of(under))
                .map(each -> new StackTraceElement(
                        each.substring(0, each.lastIndexOf('.')), each.substring(each.lastIndexOf('.') + 1), null, 1))
                .toArray(StackTraceElement[]::new));
        return thrown;
    }

    @Test
    void what_else_goes_wrong_is_shown() {
        assertThat(isShown(unhandled(new IllegalStateException("Something else"))))
                .isTrue();
        assertThat(isShown(unhandled(new IllegalStateException("Promise already completed"))))
                .as("thrown elsewhere")
                .isTrue();
        assertThat(isShown(unhandled(null))).isTrue();
    }

    /** The same words from the same logger, but for who is on the stack. */
    @Test
    void promise_of_ours_that_is_failed_twice_is_shown() throws Exception {
        Vertx vertx = Vertx.vertx();
        CompletableFuture<Void> done = new CompletableFuture<>();
        vertx.runOnContext(v -> {
            Promise<Void> twice = Promise.promise();
            twice.fail("once");
            Promise<Void> other =
                    ((ContextInternal) vertx.getOrCreateContext()).duplicate().promise();
            other.future().onComplete(twice);
            other.fail("again");
            done.complete(null);
        });
        done.get(1, TimeUnit.MINUTES);
        await(vertx.close());

        assertThat(lines.list).singleElement().satisfies(each -> {
            assertThat(each.getThrowableProxy().getMessage()).isEqualTo("Promise already completed");
            assertThat(isShown(each)).isTrue();
        });
    }

    private boolean isShown(ILoggingEvent event) {
        return console.getFilterChainDecision(event) != FilterReply.DENY;
    }

    private ILoggingEvent unhandled(@Nullable Throwable thrown) {
        return new LoggingEvent("", vertxLogger, Level.ERROR, "Unhandled exception", thrown, null);
    }

    private static Vertx join(Member self, int port, int seedPort) throws Exception {
        ClusterSettings settings = new ClusterSettings(
                self, "127.0.0.1", port, 0, List.of("127.0.0.1:" + seedPort), new Shape("rtm-locks", 1, 16), "", null);
        return await(Membership.join(settings, new VertxOptions())).vertx();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
}
