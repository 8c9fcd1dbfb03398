// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.KeyFile;
import io.rtmlocks.gateway.TokenDraft;
import io.rtmlocks.gateway.TokenKey;
import io.rtmlocks.wire.Names;
import java.nio.file.Path;
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

@Command(
        name = "create",
        description = {
            "Prints a token: signed by HS256 with auth.hmacSecret of the configuration, or with a private key by RS256 or ES256;",
            "for auth.issuer and auth.audience, unless others are named."
        })
final class TokenCreateCommand implements Runnable {
    private final Map<String, String> environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = {"-u", "--user"},
            required = true,
            paramLabel = "USER",
            description = "Whom it lets in.")
    private String user = "";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            converter = Time.class,
            description = "How long it is good: 90s, 30m, 1h or 7d; 1h by default.")
    private Duration ttl = Duration.ofHours(1);

    @Option(
            names = "--not-before",
            paramLabel = "TIME",
            converter = Time.class,
            description = "After which time it begins to be good; at once by default.")
    private Duration wait = Duration.ZERO;

    @Option(
            names = "--allow",
            paramLabel = "PATTERN=OPS",
            description = {
                "What it allows, everything by default. PATTERN is a channel or channel/lock, with * for any text; OPS are * or, "
                        + "with commas between, subscribe, get, set, acquire, release, revoke, remove, storage.read, "
                        + "storage.write. Subscribing to the storage takes storage.read as well. May be repeated."
            })
    private @Nullable List<String> allow;

    @Option(
            names = "--private-key",
            paramLabel = "FILE",
            description = "Sign with this key in PEM: RSA for RS256, on the curve P-256 for ES256.")
    private @Nullable Path privateKey;

    @Option(names = "--key-id", paramLabel = "KID", description = "The name of the key in the node's key set.")
    private @Nullable String keyId;

    @Option(names = "--issuer", paramLabel = "TEXT", description = "Who says so.")
    private @Nullable String issuer;

    @Option(names = "--audience", paramLabel = "TEXT", description = "For which service.")
    private @Nullable String audience;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    TokenCreateCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        if (!Names.isLegal(user)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "-u " + user + ": not a legal user id, which is "
                            + Allowed.name().words());
        }
        Config.Auth auth = config.settings(environment).toConfig().auth();
        try {
            spec.commandLine().getOut().println(draft(auth).sign(key(auth)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private TokenDraft draft(Config.Auth auth) {
        Instant now = Instant.now();
        TokenDraft draft = new TokenDraft(user, now.plus(ttl))
                .issuer(issuer == null ? auth.issuer() : issuer)
                .audience(audience == null ? auth.audience() : audience);
        if (!wait.isZero()) {
            draft.notBefore(now.plus(wait));
        }
        return allow == null ? draft : draft.allow(allow);
    }

    private TokenKey key(Config.Auth auth) {
        TokenKey key = privateKey == null ? ofSecret(auth) : KeyFile.privateKey(privateKey);
        return new TokenKey(keyId, key.algorithm(), key.key());
    }

    private static TokenKey ofSecret(Config.Auth auth) {
        try {
            return TokenKey.ofSecret(auth.hmacSecret());
        } catch (IllegalArgumentException e) {
            ConfigKey secret = ConfigKey.AUTH_HMAC_SECRET;
            throw new IllegalArgumentException(
                    e.getMessage() + ": set " + secret.path() + " (" + secret.variable()
                            + ") to that of the nodes, or sign with --private-key",
                    e);
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
