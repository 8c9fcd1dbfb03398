// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tidy;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The repository keeps its own style. Each test is one rule; each finding says where, what and what to do. */
class TidyTest {
    /** Main files that may pass the limit: path → why it reads better whole. */
    private static final Map<String, String> LONG_FILES = Map.of();

    private static final Path COMMAND_LINE = Path.of("src/main/java/io/rtmlocks");

    private static final List<TextFile> MAIN_FILES = TextFile.under("src/main/java", ".java");
    private static final List<TextFile> JAVA_FILES = TextFile.under("src", ".java");
    private static final List<JavaSource> MAIN = JavaSource.parse(MAIN_FILES);
    private static final List<JavaSource> TESTS = JavaSource.parse(TextFile.under("src/test/java", ".java"));

    @Test
    void a_main_file_is_short_or_says_why_not() {
        expectNone(TextRules.longFiles(MAIN_FILES, LONG_FILES));
    }

    @Test
    void a_method_fits_on_a_screen() {
        expectNone(everywhere(), JavaRules::longMethods);
    }

    @Test
    void a_line_fits_in_a_window() {
        expectNone(handWritten(".java", ".js"), TextRules::wideLines);
    }

    @Test
    void nothing_is_left_for_later() {
        expectNone(handWritten(".java", ".js", ".ts", ".html", ".css", ".yaml", ".xml"), TextRules::markers);
    }

    @Test
    void every_java_file_names_its_licence() {
        expectNone(JAVA_FILES.stream(), TextRules::missingLicence);
    }

    @Test
    void every_package_says_what_it_is() {
        expectNone(TextRules.unexplainedPackages(MAIN_FILES));
    }

    @Test
    void every_public_type_has_javadoc() {
        expectNone(MAIN.stream(), JavaRules::undocumentedTypes);
    }

    @Test
    void a_type_name_says_what_the_type_is() {
        expectNone(MAIN.stream(), JavaRules::bannedTypeNames);
    }

    @Test
    void a_sealed_type_is_dispatched_not_asked() {
        expectNone(MAIN.stream(), JavaRules::instanceofLadders);
    }

    @Test
    void only_the_command_line_prints() {
        expectNone(
                MAIN.stream().filter(source -> !source.file().path().getParent().equals(COMMAND_LINE)),
                JavaRules::standardOutput);
    }

    @Test
    void a_test_does_not_sleep() {
        expectNone(TESTS.stream(), JavaRules::sleeps);
    }

    @Test
    void a_test_is_not_disabled() {
        expectNone(TESTS.stream(), JavaRules::disabledTests);
    }

    @Test
    void the_top_level_holds_what_it_should() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(""))) {
            expectNone(TextRules.strangersAtTheTop(
                    entries.map(entry -> entry.getFileName().toString()).toList()));
        }
    }

    private static Stream<JavaSource> everywhere() {
        return Stream.concat(MAIN.stream(), TESTS.stream());
    }

    private static Stream<TextFile> handWritten(String... endings) {
        return Stream.of("src", "conf", "web-demo").flatMap(directory -> TextFile.under(directory, endings).stream());
    }

    private static <T> void expectNone(Stream<T> files, Function<T, List<String>> rule) {
        expectNone(files.flatMap(file -> rule.apply(file).stream()).toList());
    }

    private static void expectNone(List<String> findings) {
        if (!findings.isEmpty()) {
            fail(findings.size() + " to tidy up:\n" + String.join("\n", findings));
        }
    }
}
