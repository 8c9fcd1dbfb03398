// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.smallrye.config.ConfigValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The YAML file: sections of settings. Takes each value as it is written, so that a secret of digits stays what it is, and
 * remembers its line. Whatever is no setting, or is there twice, becomes a problem.
 */
final class ConfigFile {
    private final Path file;
    private final List<String> problems;
    private final Map<String, ConfigValue> values = new LinkedHashMap<>();

    private ConfigFile(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** @param problems gets one sentence for each thing that is wrong */
    static Map<String, ConfigValue> read(Path file, List<String> problems) {
        ConfigFile reader = new ConfigFile(file, problems);
        try {
            Node root = new Yaml().compose(new StringReader(Files.readString(file)));
            if (root != null) {
                reader.section("", root);
            }
        } catch (NoSuchFileException e) {
            problems.add(file + ": there is no such file");
        } catch (IOException e) {
            problems.add(file + " cannot be read: " + why(e));
        } catch (MarkedYAMLException e) {
            problems.add(file + " line " + (e.getProblemMark().getLine() + 1) + " is no YAML: " + why(e));
        } catch (YAMLException e) {
            problems.add(file + " is no YAML: " + e.getMessage());
        }
        return reader.values;
    }

    private static String why(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "it is no text in UTF-8";
        }
        return e instanceof AccessDeniedException
                ? "this user may not read it"
                : String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    }

    /** Without the text that stands there and without the name of an alias or a tag: it may be a secret that needs quotes. */
    private static String why(MarkedYAMLException e) {
        return e.getProblem().replaceFirst("^(found undefined (alias|tag handle)) .*", "$1");
    }

    private void section(String prefix, Node node) {
        if (node instanceof MappingNode section) {
            section.getValue().forEach(entry -> entry(prefix, entry));
        } else if (!node.getTag().equals(Tag.NULL)) {
            problem(node, (prefix.isEmpty() ? "the file" : prefix) + " must be a section, with its settings below it");
        }
    }

    private void entry(String prefix, NodeTuple entry) {
        String name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
        String path = prefix.isEmpty() ? name : prefix + '.' + name;
        ConfigKey key = ConfigKey.ofPath(path).orElse(null);
        if (key != null) {
            setting(key, entry);
        } else if (prefix.isEmpty() && ConfigKey.sections().contains(name)) {
            section(name, entry.getValueNode());
        } else {
            problem(entry.getKeyNode(), path + " is no setting" + Nearest.hint(path, known(prefix)));
        }
    }

    /** What may stand there: at the top a section as well. */
    private static Set<String> known(String prefix) {
        Set<String> known = new TreeSet<>(ConfigKey.paths());
        if (prefix.isEmpty()) {
            known.addAll(ConfigKey.sections());
        }
        return known;
    }

    private void setting(ConfigKey key, NodeTuple entry) {
        String text = text(entry.getValueNode());
        int line = line(entry.getKeyNode());
        if (text == null) {
            problem(entry.getValueNode(), key.path() + " must be a single value or a list of such");
        } else if (values.putIfAbsent(key.path(), Settings.valueOf(key, text, line)) != null) {
            problem(entry.getKeyNode(), key.path() + " is there twice");
        }
    }

    private static @Nullable String text(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue();
        }
        if (node instanceof SequenceNode list && list.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
            return list.getValue().stream()
                    .map(item -> ((ScalarNode) item).getValue())
                    .collect(Collectors.joining(","));
        }
        return null;
    }

    private void problem(Node node, String what) {
        problems.add(file + " line " + line(node) + ": " + what);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
