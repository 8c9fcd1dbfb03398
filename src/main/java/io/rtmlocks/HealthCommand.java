// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "health",
        description = "Asks the node of this configuration whether it serves: ends with 0 if so, else with 1.")
final class HealthCommand implements Callable<Integer> {
    private static final int WAIT_MS = 3_000;

    private final Map<String, String> environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where to ask, instead of the management port of the configuration.")
    private @Nullable URI url;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    HealthCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (url != null && !AdminOption.isHttp(url)) {
            throw new ParameterException(
                    spec.commandLine(), "--url " + url + ": it looks like http://HOST:PORT/health/ready");
        }
        URI asked = url == null ? fromConfiguration() : url;
        try {
            return ask(asked);
        } catch (IOException | ClassCastException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("No answer from " + asked + ": " + e.getMessage());
            return ExitStatus.FAILED;
        }
    }

    private int ask(URI asked) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) asked.toURL().openConnection();
        connection.setConnectTimeout(WAIT_MS);
        connection.setReadTimeout(WAIT_MS);
        boolean serves = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        try (InputStream body = serves ? connection.getInputStream() : connection.getErrorStream()) {
            String answer = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
            spec.commandLine().getOut().println(answer);
        }
        return serves ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private URI fromConfiguration() {
        Config.Management management = config.settings(environment).toConfig().management();
        return URI.create(Urls.of(management.host(), management.port()) + "health/ready");
    }
}
