// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.client.Grant;
import io.rtmlocks.client.LockClient;
import io.rtmlocks.client.Loss;
import io.rtmlocks.client.RefusedException;
import io.rtmlocks.client.Wanted;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.Names;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "exec",
        sortOptions = false,
        description = {
            "Runs a command while it holds a lock; ends the command when the lock is lost.",
            "It goes on with its session when a connection breaks, and gives the lock back whatever the command does."
        },
        footer = {
            "",
            "The command finds RTM_FENCING_TOKEN, RTM_LOCK_CHANNEL and RTM_LOCK_NAME in its environment. Show the token to whatever it "
                    + "changes: when the lock is revoked or removed, the command may run on for the time of --grace.",
            "",
            "Ends with the status of the command, or 128 and its signal; else with",
            "   75  the lock could not be had: somebody else has it, or nobody has set it (see --create)",
            "   76  the lock was lost, and the command was ended",
            "   77  the login was refused",
            "  126  the command could not be run",
            "  127  there is no such command",
            "",
            "Example: rtm-locks exec --create --timeout 1m nightly/backup -- ./backup.sh"
        })
final class ExecCommand implements Callable<Integer> {
    /** What the command finds in its environment, and what is read from it here: no settings of a node. */
    static final List<String> VARIABLES =
            List.of("RTM_FENCING_TOKEN", "RTM_LOCK_CHANNEL", "RTM_LOCK_NAME", "RTM_LOGIN_TOKEN");

    private static final String LOGIN_TOKEN = "RTM_LOGIN_TOKEN";
    private static final int RELEASE_SECONDS = 5;

    /** Long enough to be answered by a healthy service, when nobody is willing to wait. */
    private static final Duration NO_WAIT = Duration.ofSeconds(10);

    private final Map<String, String> environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "ws://127.0.0.1:8080/rtm",
            description = "A node of the service; ${DEFAULT-VALUE} by default. wss:// for TLS.")
    private URI url = URI.create("");

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER",
            description = "Who holds the lock, as others see it; who runs this by default.")
    private @Nullable String user;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "To log in with; better in RTM_LOGIN_TOKEN, where no list of processes shows it.")
    private @Nullable String token;

    @Option(names = "--create", description = "Set the lock first if there is none.")
    private boolean create;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            converter = TokenCreateCommand.Time.class,
            description =
                    "How long the lock waits for this command when its connection is lost, for a lock that is set first.")
    private @Nullable Duration ttl;

    @Option(names = "--stream", description = "The channel is one of type STREAM.")
    private boolean stream;

    @Option(names = "--wait", description = "Wait in the queue as long as it takes; so it is by default.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TokenCreateCommand.Time.class,
            description = "Wait in the queue, and for the service, for 30s or 5m, then give up.")
    private @Nullable Duration timeout;

    @Option(names = "--no-wait", description = "Give up at once when somebody else has the lock.")
    private boolean noWait;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = TokenCreateCommand.Time.class,
            description =
                    "What the command has to end after SIGTERM, before SIGKILL; ${DEFAULT-VALUE} by default, at most "
                            + "half of the lock's ttl while the service is not heard.")
    private Duration grace = Duration.ZERO;

    @Parameters(index = "0", paramLabel = "CHANNEL/LOCK", description = "The lock.")
    private String lock = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND", arity = "1..*", description = "What to run, and its arguments.")
    private List<String> command = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private volatile @Nullable ChildProcess child;
    private volatile boolean finished;

    ExecCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        Wanted wanted = wanted();
        List<String> line = command.get(0).equals("--") ? command.subList(1, command.size()) : command;
        if (line.isEmpty()) {
            throw wrong("after -- comes the command to run");
        }
        Vertx vertx = Vertx.vertx(NodeProcess.vertxOptions());
        LockClient client = new LockClient(vertx, wanted, System::nanoTime, new SecureRandom()).start();
        Thread onSignal = new Thread(() -> endBySignal(client), "release");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            return run(client, line);
        } finally {
            release(client);
            finished = true;
            NodeProcess.closeQuietly(vertx);
        }
    }

    private int run(LockClient client, List<String> line) throws InterruptedException {
        Grant grant;
        try {
            grant = acquired(client);
        } catch (TimeoutException e) {
            String trouble =
                    client.trouble().toCompletionStage().toCompletableFuture().join();
            return complain(ExitStatus.LOCK_NOT_HAD, "Could not have " + lock + " in time: " + trouble + ".");
        } catch (ExecutionException e) {
            return refused(e.getCause());
        }
        try {
            child = ChildProcess.start(line, variables(grant), List.of(LOGIN_TOKEN));
        } catch (IOException e) {
            boolean isThere = String.valueOf(e.getMessage()).contains("error=13");
            return complain(
                    isThere ? ExitStatus.CANNOT_RUN : ExitStatus.NO_SUCH_COMMAND, String.valueOf(e.getMessage()));
        }
        return watch(client, child);
    }

    private int refused(@Nullable Throwable why) {
        if (why instanceof RefusedException refused && refused.isLogin()) {
            return complain(
                    ExitStatus.LOGIN_REFUSED,
                    "The login was refused: " + refused.getMessage() + ". See --user and --token.");
        }
        boolean isMissing =
                why instanceof RefusedException refused && refused.code() == ErrorCode.NO_SUCH_LOCK.number();
        String reason = why == null ? "for no reason" : String.valueOf(why.getMessage());
        String remedy = isMissing ? " With --create it is set first." : "";
        return complain(ExitStatus.LOCK_NOT_HAD, "Could not have " + lock + ": " + reason + "." + remedy);
    }

    private Grant acquired(LockClient client) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Grant> granted = client.granted().toCompletionStage().toCompletableFuture();
        Duration limit = timeout != null ? timeout : noWait ? NO_WAIT : null;
        if (limit == null) {
            var unused = client.unreached()
                    .onSuccess(why -> spec.commandLine().getErr().println(why + ". Trying again."));
            return granted.get();
        }
        return granted.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Until the command ends, or has to. */
    private int watch(LockClient client, ChildProcess running) throws InterruptedException {
        CompletableFuture<Loss> lost = client.lost().toCompletionStage().toCompletableFuture();
        CompletableFuture.anyOf(running.ended(), lost).join();
        if (!lost.isDone()) {
            return running.status();
        }
        Loss loss = lost.join();
        complain(ExitStatus.LOCK_LOST, "Lost " + lock + ": " + loss.reason() + ". Ending the command.");
        long leftMillis = loss.leftMillis();
        running.end(leftMillis == 0 ? grace : Duration.ofMillis(Math.min(leftMillis, grace.toMillis())));
        return ExitStatus.LOCK_LOST;
    }

    /** This process is to end: so is the command, and then the lock is given back. */
    private void endBySignal(LockClient client) {
        if (finished) {
            return;
        }
        ChildProcess running = child;
        try {
            if (running != null) {
                running.end(grace);
            }
            release(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (running != null) {
            Runtime.getRuntime().halt(client.lost().isComplete() ? ExitStatus.LOCK_LOST : running.status());
        }
    }

    private static void release(LockClient client) throws InterruptedException {
        try {
            Future<Void> released = client.release();
            released.toCompletionStage().toCompletableFuture().get(RELEASE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The service cannot be reached: it frees the lock when its ttl is over.
        }
    }

    private Map<String, String> variables(Grant grant) {
        Wanted wanted = wanted();
        return Map.of(
                "RTM_FENCING_TOKEN", String.valueOf(grant.fencingToken()),
                "RTM_LOCK_CHANNEL", wanted.channel(),
                "RTM_LOCK_NAME", wanted.lockName());
    }

    private Wanted wanted() {
        int slash = lock.indexOf('/');
        String channel = lock.substring(0, Math.max(0, slash));
        String name = lock.substring(slash + 1);
        if (!Names.isLegal(channel) || !Names.isLegal(name)) {
            throw wrong("'" + lock + "' is no lock: write CHANNEL/LOCK, each "
                    + Allowed.name().words());
        }
        String by = user == null ? System.getProperty("user.name", "") : user;
        if (!Names.isLegal(by)) {
            throw wrong("'" + by + "' is not a legal user id: choose one with --user, of "
                    + Allowed.name().words());
        }
        if ((noWait && (wait || timeout != null)) || (wait && timeout != null)) {
            throw wrong("one of --wait, --timeout and --no-wait");
        }
        return new Wanted(
                address(),
                by,
                token == null ? environment.get(LOGIN_TOKEN) : token,
                stream ? "STREAM" : "MESSAGE",
                channel,
                name,
                create,
                ttl == null ? 0 : (int) Math.min(Integer.MAX_VALUE, ttl.toSeconds()),
                !noWait,
                grace.toMillis());
    }

    private String address() {
        String scheme = String.valueOf(url.getScheme());
        if (!(scheme.equals("ws") || scheme.equals("wss")) || url.getHost() == null) {
            throw wrong("--url " + url + ": it looks like ws://HOST:PORT/rtm, or wss://");
        }
        String path = url.getRawPath();
        return path == null || path.isEmpty() || path.equals("/")
                ? scheme + "://" + url.getRawAuthority() + "/rtm"
                : url.toString();
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private int complain(int status, String why) {
        spec.commandLine().getErr().println(why);
        return status;
    }
}
