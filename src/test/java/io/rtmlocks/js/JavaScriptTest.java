// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK's own tests pass in Node, and its JSDoc types hold. */
class JavaScriptTest {
    private static final Path SDK = Path.of("src/main/js");
    private static final Path SDK_TESTS = Path.of("src/test/js");
    private static final Path OPTIONS = SDK.resolve("tsconfig.json");
    private static final Path TYPESCRIPT = Path.of("target/typescript");

    @Test
    void sdk_tests_pass() throws Exception {
        List<Path> tests = filesUnder(SDK_TESTS, ".test.js");
        assumeFalse(tests.isEmpty(), "no " + SDK_TESTS + "/**/*.test.js yet");

        List<String> arguments = new ArrayList<>(List.of("--test", "--test-reporter=spec"));
        tests.forEach(test -> arguments.add(test.toString()));
        NodeRuntime.Outcome outcome = NodeRuntime.run(arguments);

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    @Test
    void sdk_types_hold() throws Exception {
        List<Path> sources = filesUnder(SDK, ".js", ".d.ts");
        assumeFalse(sources.isEmpty(), "no " + SDK + "/*.js yet");

        NodeRuntime.Outcome outcome = TypeScript.unpackedInto(TYPESCRIPT).check(OPTIONS, sources);

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    /** Each as the body of a function of its own, which finds what the examples take for granted. */
    @Test
    void examples_of_the_types_hold(@TempDir Path directory) throws Exception {
        Path types = SDK.resolve("rtm-locks.d.ts").toAbsolutePath();
        StringBuilder page = new StringBuilder("import RTM, { type Grant } from '%s';%n"
                .formatted(types.toString().replace(".d.ts", ".js")));
        page.append("declare const rtm: RTM, token: string, fetchToken: () => Promise<string>;\n")
                .append("declare const show: (place: number) => void, save: (token?: number) => Promise<void>;\n")
                .append("declare const later: () => void, render: (event: unknown) => void;\n")
                .append(
                        "declare const warn: (text: string) => void, badge: (state: string, reason: string) => void;\n");
        int examples = 0;
        for (String comment : Files.readString(types).split("\\*/")) {
            String text =
                    comment.substring(Math.max(0, comment.lastIndexOf("/**"))).replaceAll("\\n +\\* ?", "\n");
            for (String example : Stream.of(text.split("@example")).skip(1).toList()) {
                String given = example.contains("const grant") ? "" : "grant: Grant";
                page.append("async function example%d(%s) {%n%s%n}%n".formatted(examples++, given, example));
            }
        }
        Path script = Files.writeString(directory.resolve("examples.ts"), page);

        NodeRuntime.Outcome outcome = TypeScript.unpackedInto(TYPESCRIPT).check(OPTIONS, List.of(script));

        assertThat(examples).isGreaterThan(30);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    @Test
    void typeCheck_ofAWrongTypeBesideItsDeclaration_fails(@TempDir Path directory) throws Exception {
        Path wrong = Files.writeString(directory.resolve("a.js"), "/** @type {number} */\nexport const a = 'text';\n");
        Path declared = Files.writeString(directory.resolve("a.d.ts"), "export const a: number;\n");

        NodeRuntime.Outcome outcome = TypeScript.unpackedInto(TYPESCRIPT).check(OPTIONS, List.of(wrong, declared));

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).contains("Type 'string' is not assignable to type 'number'");
    }

    private static List<Path> filesUnder(Path directory, String... endings) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .filter(file -> !file.toString().contains("node_modules"))
                    .sorted()
                    .toList();
        }
    }
}
