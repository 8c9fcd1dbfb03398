// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.MapBackedConfigValueConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of every setting and where it came from: defaults, overridden by the file, by the environment, by the command
 * line. Collects what is wrong instead of stopping at the first mistake; nothing else is read, no system property and no
 * file of a library.
 */
final class Settings {
    private static final String VARIABLE_PREFIX = "RTM_";

    /** What Kubernetes tells each container about a service whose name begins with {@code rtm-}, as name and value. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("\\w+_(SERVICE_HOST|SERVICE_PORT|SERVICE_PORT_\\w+|PORT_\\d+_\\w+)=.*|\\w+_PORT=\\w+://.*");

    private final List<String> problems = new ArrayList<>();
    private final Set<ConfigKey> refused = EnumSet.noneOf(ConfigKey.class);
    private final SmallRyeConfig layers;

    private Settings(@Nullable Path file, Map<String, String> environment, Map<String, String> given) {
        layers = new SmallRyeConfigBuilder()
                .withSources(
                        new Layer("default", defaults(), 0),
                        new Layer(String.valueOf(file), file == null ? Map.of() : ConfigFile.read(file, problems), 1),
                        new Layer("environment", fromEnvironment(environment), 2),
                        new Layer("command line", fromCaller(given), 3))
                .build();
        Arrays.stream(ConfigKey.values()).forEach(this::checkAlone);
    }

    /**
     * @param file a YAML file, or null for none
     * @param given by their place in the file; override all others
     */
    static Settings read(@Nullable Path file, Map<String, String> environment, Map<String, String> given) {
        return new Settings(file, environment, given);
    }

    /** @throws ConfigException when anything was wrong */
    Config toConfig() {
        Config config = ConfigReader.read(this);
        new ConfigRules(config, this).check();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    /** The value in force; the default when what was given is not allowed. */
    String text(ConfigKey key) {
        return refused.contains(key) ? key.defaultText() : value(key).getValue();
    }

    /** Where the value came from: {@code default}, a file and line, {@code environment} or {@code command line}. */
    String origin(ConfigKey key) {
        ConfigValue value = value(key);
        return value.getLineNumber() > 0
                ? value.getConfigSourceName() + " line " + value.getLineNumber()
                : value.getConfigSourceName();
    }

    /** The value as it may be shown: how long it is, if it is a secret. */
    String shown(ConfigKey key) {
        String value = value(key).getValue();
        return key.isSecret() && !value.isEmpty()
                ? "(" + value.length() + " characters, not shown)"
                : '"' + value + '"';
    }

    /** Notes that the value cannot be used, unless it was refused before. */
    void refuse(ConfigKey key, String why) {
        if (refused.add(key)) {
            problems.add(
                    key.path() + " (" + key.variable() + ") is " + shown(key) + ", from " + origin(key) + ": " + why);
        }
    }

    boolean isRefused(ConfigKey key) {
        return refused.contains(key);
    }

    private ConfigValue value(ConfigKey key) {
        return layers.getConfigValue(key.path());
    }

    private void checkAlone(ConfigKey key) {
        if (!key.allowed().accepts().test(value(key).getValue())) {
            refuse(key, "it must be " + key.allowed().words());
        }
    }

    private static Map<String, ConfigValue> defaults() {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKey.values()) {
            values.put(key.path(), valueOf(key, key.defaultText(), 0));
        }
        return values;
    }

    private Map<String, ConfigValue> fromEnvironment(Map<String, String> environment) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            ConfigKey key = ConfigKey.ofVariable(variable).orElse(null);
            ConfigKey inFile = ConfigKey.ofFileVariable(variable).orElse(null);
            if (key != null) {
                values.put(key.path(), valueOf(key, value, 0));
            } else if (inFile != null) {
                secretFrom(inFile, variable, value, environment).ifPresent(text -> values.put(inFile.path(), text));
            } else if (variable.startsWith(VARIABLE_PREFIX)
                    && !ExecCommand.VARIABLES.contains(variable)
                    && !SERVICE_LINK.matcher(variable + '=' + value).matches()) {
                problems.add("the environment variable " + variable + " is no setting"
                        + Nearest.hint(variable, ConfigKey.variables()));
            }
        });
        return values;
    }

    private Optional<ConfigValue> secretFrom(
            ConfigKey key, String variable, String file, Map<String, String> environment) {
        if (environment.containsKey(key.variable())) {
            problems.add("the environment has both " + key.variable() + " and " + variable + ": leave one out");
            return Optional.empty();
        }
        try {
            return Optional.of(valueOf(key, SecretFile.read(file), 0));
        } catch (IOException e) {
            problems.add(variable + " is \"" + file + "\", from environment: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Map<String, ConfigValue> fromCaller(Map<String, String> given) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        new TreeMap<>(given)
                .forEach((path, value) -> ConfigKey.ofPath(path)
                        .ifPresentOrElse(
                                key -> values.put(path, valueOf(key, value, 0)),
                                () -> problems.add(path + " is no setting" + Nearest.hint(path, ConfigKey.paths()))));
        return values;
    }

    /** @param line in its file, from 1; 0 when it is not from a file */
    static ConfigValue valueOf(ConfigKey key, String text, int line) {
        return ConfigValue.builder()
                .withName(key.path())
                .withValue(text.strip())
                .withRawValue(text)
                .withLineNumber(line)
                .build();
    }

    private static final class Layer extends MapBackedConfigValueConfigSource {
        private static final long serialVersionUID = 1L;

        Layer(String name, Map<String, ConfigValue> values, int ordinal) {
            super(name, named(name, values), ordinal);
        }

        private static Map<String, ConfigValue> named(String name, Map<String, ConfigValue> values) {
            Map<String, ConfigValue> named = new LinkedHashMap<>();
            values.forEach((path, value) -> named.put(path, value.withConfigSourceName(name)));
            return named;
        }
    }
}
