// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file is read as it is written; what cannot be read becomes a problem, never a guess. */
class ConfigFileTest {
    private static final Path SHIPPED = Path.of("conf/rtm-locks.yaml");

    @TempDir
    private Path directory;

    private final List<String> problems = new ArrayList<>();

    @Test
    void shipped_file_holds_every_setting_with_its_default() {
        Map<String, String> defaults =
                Arrays.stream(ConfigKey.values()).collect(Collectors.toMap(ConfigKey::path, ConfigKey::defaultText));

        assertThat(texts(ConfigFile.read(SHIPPED, problems))).isEqualTo(defaults);
        assertThat(problems).isEmpty();
    }

    @Test
    void shipped_file_keeps_the_order_of_the_settings() throws IOException {
        List<String> labels = Files.readAllLines(SHIPPED).stream()
                .filter(line -> line.matches("  [a-zA-Z]+:.*"))
                .map(line -> line.strip().replaceAll(":.*", ""))
                .toList();

        assertThat(labels)
                .containsExactlyElementsOf(
                        Arrays.stream(ConfigKey.values()).map(ConfigKey::label).toList());
    }

    @Test
    void value_is_taken_as_it_is_written() throws IOException {
        assertThat(read("auth:\n  hmacSecret: 0123\ncluster:\n  secret: no\nnode:\n  name: '1_000'\n"))
                .containsEntry("auth.hmacSecret", "0123")
                .containsEntry("cluster.secret", "no")
                .containsEntry("node.name", "1_000");
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a:1, 'b:2']", "\n  - a:1\n  - b:2", "a:1,b:2"})
    void list_may_be_written_in_each_way(String list) throws IOException {
        Map<String, String> values = read("cluster:\n  members: " + list + "\n");

        assertThat(Allowed.items(values.get("cluster.members"))).containsExactly("a:1", "b:2");
    }

    @Test
    void setting_may_be_written_with_its_whole_path() throws IOException {
        assertThat(read("http.port: 1\n")).containsOnly(Map.entry("http.port", "1"));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing but a comment\n", "---\n", "http:\nauth:\n  # mode: jwt\n"})
    void file_without_settings_changes_nothing(String content) throws IOException {
        assertThat(read(content)).isEmpty();
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http: 1\n",
                "- http\n",
                "just text\n",
                "http:\n  port: 1\n  port: 2\n",
                "http:\n  port: {a: 1}\n",
                "http:\n  port: [[1]]\n",
                "http:\n  http:\n    port: 1\n",
                "port: 1\n",
                "http.port: 1\nhttp:\n  port: 1\n",
                "? [a]\n: 1\n",
                "a: &a\n  b: *a\n",
                "http: &h\n  http: *h\n",
                "http:\n\tport: 1\n",
                "http: {port: 1\n",
                "http:\n  port: 1\n---\nnode:\n  name: a\n",
                "http: !!javax.script.ScriptEngineManager [a]\n"
            })
    void file_that_is_not_right_is_one_problem(String content) throws IOException {
        read(content);

        assertThat(problems).singleElement().asString().startsWith(directory.toString());
    }

    /** As a secret may begin and go on that needs quotes, or other ones. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "@hunter2",
                "*hunter2",
                "!hunter2!x",
                "hunter: 2",
                "\"hunter2",
                "\"\\hunter2\"",
                "%hunter2",
                "[hunter2"
            })
    void file_that_is_no_yaml_is_told_by_its_line_and_none_of_its_text(String secret) throws IOException {
        read("auth:\n  hmacSecret: " + secret + "\n");

        assertThat(problems)
                .singleElement()
                .asString()
                .containsPattern("yaml line [234] is no YAML: \\w+")
                .doesNotContain("hunter", "\n");
    }

    @Test
    void section_that_is_misspelt_is_guessed() throws IOException {
        read("htp:\n  port: 1\n");

        assertThat(problems).singleElement().asString().endsWith("htp is no setting: did you mean http?");
    }

    @Test
    void file_that_is_missing_is_a_problem() {
        ConfigFile.read(directory.resolve("missing.yaml"), problems);

        assertThat(problems).singleElement().asString().contains("no such file");
    }

    @Test
    void file_that_is_no_text_is_a_problem() throws IOException {
        Path file = directory.resolve("binary");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        ConfigFile.read(file, problems);

        assertThat(problems).singleElement().asString().endsWith("cannot be read: it is no text in UTF-8");
    }

    private Map<String, String> read(String content) throws IOException {
        Path file = directory.resolve("rtm.yaml");
        Files.writeString(file, content, StandardCharsets.UTF_8);
        return texts(ConfigFile.read(file, problems));
    }

    private static Map<String, String> texts(Map<String, ConfigValue> values) {
        return values.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, value -> value.getValue().getValue()));
    }
}
