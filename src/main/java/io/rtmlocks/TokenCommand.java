// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.LoginToken;
import io.rtmlocks.wire.Names;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(name = "token", description = "Makes login tokens.")
final class TokenCommand implements Runnable {
    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    TokenCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which of them: create?");
    }

    @Command(name = "create", description = "Prints a token, signed with auth.hmacSecret of the configuration.")
    void create(
            @Mixin ConfigOption config,
            @Option(
                            names = {"-u", "--user"},
                            required = true,
                            paramLabel = "USER",
                            description = "Whom it lets in.")
                    String user,
            @Option(
                            names = "--ttl",
                            paramLabel = "TIME",
                            defaultValue = "1h",
                            converter = Time.class,
                            description = "How long it is good: 90s, 30m, 1h or 7d; 1h by default.")
                    Duration ttl,
            @Option(
                            names = "--allow",
                            paramLabel = "PATTERN=OPS",
                            description = {
                                "What it allows, everything by default. PATTERN is a channel or channel/lock, with * for any text; "
                                        + "OPS are * or, with commas between, subscribe, get, set, acquire, release, revoke, "
                                        + "remove, storage.read, storage.write. May be repeated."
                            })
                    @Nullable
                    List<String> allow) {
        if (!Names.isLegal(user)) {
            throw new ParameterException(spec.commandLine(), "-u " + user + ": not a legal user id");
        }
        String secret = config.settings(environment).toConfig().auth().hmacSecret();
        List<String> lines = allow == null ? List.of() : allow;
        Vertx vertx = Vertx.vertx(NodeProcess.vertxOptions());
        try {
            spec.commandLine()
                    .getOut()
                    .println(LoginToken.sign(vertx, secret, user, Instant.now().plus(ttl), lines));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } finally {
            NodeProcess.closeQuietly(vertx);
        }
    }

    static final class Time implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

        @Override
        public Duration convert(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new TypeConversionException("'" + text + "' is no time such as 90s, 30m, 1h or 7d");
            }
            long amount = Long.parseLong(form.group(1));
            return switch (form.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
    }
}
