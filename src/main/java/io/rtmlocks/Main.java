// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line. Results go to standard output, logs and complaints to standard error; {@link ExitStatus} lists how it ends.
 */
@Command(
        name = "rtm-locks",
        description = "A distributed lock service for browser applications.",
        versionProvider = Main.Version.class,
        sortOptions = false)
public final class Main implements Runnable {
    private static final String POOL_THREADS = "java.util.concurrent.ForkJoinPool.common.parallelism";
    private static final int POOL_THREADS_MIN = 2;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Says how it is used.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Prints the version.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs the command named by the first argument and ends the process.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        LogSettings.choose(System.getenv());
        keepPoolBusyWithFewThreads();
        System.exit(commandLine(System.getenv(), args).execute(args));
    }

    /** With a common pool of one thread Hazelcast would start a thread for each call that completes. */
    private static void keepPoolBusyWithFewThreads() {
        if (System.getProperty(POOL_THREADS) == null) {
            int threads = Math.max(POOL_THREADS_MIN, Runtime.getRuntime().availableProcessors() - 1);
            System.setProperty(POOL_THREADS, String.valueOf(threads));
        }
    }

    /** All commands, with the environment they read their settings from. */
    static CommandLine commandLine(Map<String, String> environment) {
        return commandLine(environment, System.in);
    }

    /** As above, with another standard input. */
    static CommandLine commandLine(Map<String, String> environment, InputStream in) {
        return commandLine(commands(environment, in).values());
    }

    /** The command that is asked for; all when there is no such one. To make all takes a tenth of a start. */
    private static CommandLine commandLine(Map<String, String> environment, String[] args) {
        Map<String, Supplier<CommandLine>> all = commands(environment, System.in);
        Supplier<CommandLine> asked = args.length == 0 ? null : all.get(args[0]);
        return commandLine(asked == null ? all.values() : List.of(asked));
    }

    private static Map<String, Supplier<CommandLine>> commands(Map<String, String> environment, InputStream in) {
        Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        commands.put("dev", () -> new CommandLine(new DevCommand(environment)));
        commands.put("serve", () -> new CommandLine(new ServeCommand(environment)));
        commands.put("config", () -> new CommandLine(new ConfigCommand(environment)));
        commands.put("health", () -> new CommandLine(new HealthCommand(environment)));
        commands.put(
                "token",
                () -> new CommandLine(new TokenCommand())
                        .addSubcommand(new TokenCreateCommand(environment))
                        .addSubcommand(new TokenCheckCommand(environment, in)));
        commands.put("locks", () -> new CommandLine(new LocksCommand(environment)));
        commands.put("exec", () -> new CommandLine(new ExecCommand(environment)).setStopAtPositional(true));
        commands.put("version", () -> new CommandLine(new VersionCommand()));
        return commands;
    }

    private static CommandLine commandLine(Collection<Supplier<CommandLine>> commands) {
        CommandLine all = new CommandLine(new Main());
        commands.forEach(each -> all.addSubcommand(each.get()));
        return all.setParameterExceptionHandler(Main::misunderstood)
                .setExecutionExceptionHandler(Main::complain)
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    private static int misunderstood(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println(failure.getMessage());
        command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitStatus.BAD_CONFIGURATION;
    }

    private static int complain(Exception failure, CommandLine command, CommandLine.ParseResult arguments)
            throws Exception {
        if (failure instanceof ConfigException wrong) {
            PrintWriter err = command.getErr();
            err.println("The configuration cannot be used:");
            wrong.problems().forEach(problem -> err.println("- " + problem));
            return ExitStatus.BAD_CONFIGURATION;
        }
        throw failure;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"rtm-locks " + (version == null ? "(not packaged)" : version)};
        }
    }
}
