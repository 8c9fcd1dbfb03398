// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static io.rtmlocks.AdminOption.encoded;

import io.rtmlocks.AdminOption.NoAnswerException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(name = "locks", description = "Lists, watches and revokes locks of a running service.")
final class LocksCommand implements Runnable {
    private static final int PAGE = 500;

    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    LocksCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which of them: list, watch or revoke?");
    }

    /** At least one. */
    static final class Most implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (!text.matches("[1-9]\\d{0,8}")) {
                throw new TypeConversionException("'" + text + "' is no number from 1 to 999999999");
            }
            return Integer.valueOf(text);
        }
    }

    /** Which locks. */
    static final class Filter {
        @Option(names = "--channel", paramLabel = "CHANNEL", description = "Only those of this channel.")
        private @Nullable String channel;

        @Option(names = "--stream", description = "The channel is one of type STREAM.")
        private boolean stream;

        @Option(
                names = "--contains",
                paramLabel = "TEXT",
                description = "Only those with this text in the name of the channel, of the lock or of its owner.")
        private @Nullable String contains;

        @Option(names = "--held", description = "Only those that somebody owns.")
        private boolean held;

        @Option(
                names = "--most",
                paramLabel = "N",
                defaultValue = "10000",
                converter = Most.class,
                description = "How many at most; ${DEFAULT-VALUE} by default.")
        private int most;

        private String query() {
            StringBuilder query = new StringBuilder("held=" + held);
            if (channel != null) {
                query.append("&channel=").append(encoded(channel)).append("&channelType=");
                query.append(stream ? "STREAM" : "MESSAGE");
            }
            if (contains != null) {
                query.append("&contains=").append(encoded(contains));
            }
            return query.toString();
        }
    }

    @Command(
            name = "list",
            description = "Prints the locks, in the order of their channels and names.",
            footer = {"", "Example: rtm-locks locks list --held --contains alice"})
    int list(
            @Mixin AdminOption admin,
            @Mixin Filter filter,
            @Option(names = "--json", description = "Prints one JSON object: locks, and what is missing.") boolean json)
            throws InterruptedException {
        try {
            JsonObject all = all(admin, filter);
            if (json) {
                out().println(all.encodePrettily());
            } else {
                print(all.getJsonArray("locks"));
                warn(all);
            }
            return ExitStatus.OK;
        } catch (NoAnswerException e) {
            return failed(e);
        }
    }

    /** Page by page. */
    private JsonObject all(AdminOption admin, Filter filter) throws NoAnswerException, InterruptedException {
        JsonArray locks = new JsonArray();
        JsonObject page;
        String after = "";
        do {
            int limit = Math.min(PAGE, filter.most - locks.size());
            page = admin.get(environment, "locks?limit=" + Math.max(1, limit) + "&" + filter.query() + after);
            locks.addAll(page.getJsonArray("locks"));
            after = "&after=" + encoded(page.getString("next", ""));
        } while (page.containsKey("next") && locks.size() < filter.most);
        return page.put("locks", locks);
    }

    private void print(JsonArray locks) {
        if (locks.isEmpty()) {
            spec.commandLine().getErr().println("No lock fits.");
            return;
        }
        List<String[]> rows = Stream.concat(
                        Stream.<String[]>of(new String[] {"LOCK", "OWNER", "SINCE", "WAITING", "TOKEN"}),
                        locks.stream().map(JsonObject.class::cast).map(LocksCommand::row))
                .toList();
        int[] widths = new int[5];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        });
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            out().println(line.toString().stripTrailing());
        }
    }

    private static String[] row(JsonObject lock) {
        boolean isFree = lock.getString("owner").isEmpty();
        return new String[] {
            name(lock),
            owner(lock),
            isFree
                    ? "-"
                    : Instant.ofEpochMilli(lock.getLong("since"))
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString(),
            String.valueOf(lock.getInteger("waiters")),
            isFree ? "-" : String.valueOf(lock.getLong("fencingToken"))
        };
    }

    private static String name(JsonObject lock) {
        String name = lock.getString("channel") + '/' + lock.getString("lockName");
        return lock.getString("channelType").equals("STREAM") ? name + " (STREAM)" : name;
    }

    private static String owner(JsonObject lock) {
        String owner = lock.getString("owner");
        return owner.isEmpty() ? "-" : lock.getBoolean("ownerOnline") ? owner : owner + " (away)";
    }

    private void warn(JsonObject answer) {
        int missing = answer.getInteger("shardsWithoutLeader");
        if (missing > 0) {
            spec.commandLine()
                    .getErr()
                    .println("Not complete: " + missing + " shards have no leader that answers; silent nodes: "
                            + answer.getJsonArray("silentNodes"));
        }
    }

    @Command(
            name = "watch",
            description = {
                "Prints the locks, and then each change of an owner, or of how many wait, as it is seen.",
                "It looks again and again: of changes between two looks only the last is seen."
            },
            footer = {"", "Example: rtm-locks locks watch --channel nightly --json | jq .owner"})
    int watch(
            @Mixin AdminOption admin,
            @Mixin Filter filter,
            @Option(names = "--json", description = "Prints each as one line of JSON.") boolean json,
            @Option(
                            names = "--every",
                            paramLabel = "TIME",
                            defaultValue = "2s",
                            converter = TokenCreateCommand.Time.class,
                            description = "Between two looks; ${DEFAULT-VALUE} by default.")
                    Duration every,
            @Option(
                            names = "--times",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "How often to look; 0, the default, is until the end.")
                    int times)
            throws InterruptedException {
        Map<String, JsonObject> before = new LinkedHashMap<>();
        boolean answered = true;
        for (int look = 1; ; look++) {
            try {
                JsonObject all = all(admin, filter);
                answered = true;
                tell(before, all, json);
            } catch (NoAnswerException e) {
                if (look == 1) {
                    return failed(e);
                }
                if (answered) {
                    spec.commandLine().getErr().println(e.getMessage() + " Trying again.");
                }
                answered = false;
            }
            if (look == times) {
                return ExitStatus.OK;
            }
            var unused = new CountDownLatch(1).await(every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tell(Map<String, JsonObject> before, JsonObject all, boolean json) {
        Map<String, JsonObject> now = new LinkedHashMap<>();
        all.getJsonArray("locks").stream().map(JsonObject.class::cast).forEach(lock -> now.put(name(lock), lock));
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        now.forEach((name, lock) -> {
            if (!lock.equals(before.get(name))) {
                String line = time + "  " + name + "  " + owner(lock) + ", " + lock.getInteger("waiters") + " waiting";
                out().println(json ? lock.encode() : line);
            }
        });
        boolean isComplete = all.getInteger("shardsWithoutLeader") == 0;
        before.keySet().removeIf(name -> {
            boolean isGone = !now.containsKey(name) && isComplete;
            if (isGone && !json) {
                out().println(time + "  " + name + "  is not listed any more");
            }
            return isGone;
        });
        before.putAll(now);
        out().flush();
    }

    @Command(
            name = "revoke",
            description =
                    "Takes a lock from its owner; the next in the queue gets it. Ends with 1 when nobody owns it.",
            footer = {"", "Example: rtm-locks locks revoke --owner alice nightly/backup"})
    int revoke(
            @Mixin AdminOption admin,
            @Option(names = "--owner", paramLabel = "USER", description = "Only if this user owns it.") @Nullable
                    String owner,
            @Option(names = "--stream", description = "The channel is one of type STREAM.") boolean stream,
            @Option(names = "--json", description = "Prints the answer as JSON.") boolean json,
            @Parameters(paramLabel = "CHANNEL/LOCK", description = "The lock.") String lock)
            throws InterruptedException {
        int slash = lock.indexOf('/');
        if (slash < 1 || slash == lock.length() - 1) {
            throw new ParameterException(
                    spec.subcommands().get("revoke"), "'" + lock + "' is no lock: write CHANNEL/LOCK");
        }
        String path = "locks/" + (stream ? "STREAM" : "MESSAGE") + '/' + encoded(lock.substring(0, slash)) + '/'
                + encoded(lock.substring(slash + 1)) + "/revoke";
        try {
            JsonObject body = owner == null ? new JsonObject() : new JsonObject().put("owner", owner);
            JsonObject answer = admin.post(environment, path, body);
            out().println(json ? answer.encode() : answer.getString("owner") + " does not own " + lock + " any more.");
            return ExitStatus.OK;
        } catch (NoAnswerException e) {
            return failed(e);
        }
    }

    private int failed(NoAnswerException e) {
        spec.commandLine().getErr().println(e.getMessage());
        return ExitStatus.FAILED;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
