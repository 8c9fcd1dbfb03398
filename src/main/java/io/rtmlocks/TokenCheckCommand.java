// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.LoginRefusedException;
import io.rtmlocks.gateway.TokenCheck;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.Names;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = {
            "Says whether a node with this configuration would take a token, and what it gives; if not, why not, and ends with 1.",
            "Reads the token from standard input, where no list of processes shows it, unless it is named."
        })
final class TokenCheckCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final InputStream in;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER",
            description = "Who would log in with it; by default whoever it is for.")
    private @Nullable String user;

    @Parameters(arity = "0..1", paramLabel = "TOKEN", description = "The token.")
    private @Nullable String token;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** @param in where the token is read, if the command line does not hold it */
    TokenCheckCommand(Map<String, String> environment, InputStream in) {
        this.environment = environment;
        this.in = in;
    }

    @Override
    public Integer call() {
        Config.Auth auth = config.settings(environment).toConfig().auth();
        try {
            TokenCheck check = new LoginKeys(auth).check();
            TokenCheck.Good good = check.check(token == null ? firstLine() : token, System.currentTimeMillis());
            if (!Names.isLegal(good.userId())) {
                return refused(ErrorCode.USER_ID_NOT_LEGAL, "the token is for a user whose id is not legal here (sub)");
            }
            if (user != null && !user.equals(good.userId())) {
                return refused(ErrorCode.TOKEN_INVALID, "the token is for another user (sub): " + good.userId());
            }
            describe(good);
            return ExitStatus.OK;
        } catch (LoginRefusedException refusal) {
            return refused(refusal.code(), refusal.reason());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int refused(ErrorCode code, String reason) {
        spec.commandLine().getErr().println("Refused (" + code.number() + "): " + reason);
        return ExitStatus.FAILED;
    }

    private void describe(TokenCheck.Good good) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("user     " + good.userId());
        out.println("until    " + Instant.ofEpochMilli(good.expiresAtUtcMillis()) + ", leeway included");
        out.println("signed   " + good.algorithm() + (good.keyId().isEmpty() ? "" : " by " + good.keyId()));
        out.println("allows   " + good.rights());
    }

    private String firstLine() {
        try {
            String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
