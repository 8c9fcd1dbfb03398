// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every scenario of {@code src/test/resources/scripts} has the effects that stand in it.
 *
 * <p>{@code -Drtm.scripts.rewrite=true} writes the effects as they are into the files, to be reviewed as a diff.
 * {@link ScriptPlayer} says what a command looks like, {@link EffectLines} what an effect looks like.
 */
class ScriptTest {

    private static final Path SCRIPTS = Path.of("src/test/resources/scripts");
    private static final int SCRIPTS_MIN = 30;
    private static final boolean REWRITE = Boolean.getBoolean("rtm.scripts.rewrite");

    static List<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void a_scenario_has_the_effects_it_says(String name) throws IOException {
        Path file = SCRIPTS.resolve(name);
        List<String> written = Files.readAllLines(file);
        List<String> played = new Script(written).played(new ScriptPlayer(new Vocabulary())::play);
        if (REWRITE) {
            Files.write(file, played);
        } else {
            assertThat(played)
                    .as("%s; -Drtm.scripts.rewrite=true rewrites it", file)
                    .isEqualTo(written);
        }
    }

    @Test
    void the_scenarios_use_every_word_of_the_machine() throws IOException {
        Vocabulary vocabulary = new Vocabulary();
        for (String name : scripts()) {
            new Script(Files.readAllLines(SCRIPTS.resolve(name))).played(new ScriptPlayer(vocabulary)::play);
        }
        assertThat(vocabulary.unused()).isEmpty();
        assertThat(scripts()).hasSizeGreaterThanOrEqualTo(SCRIPTS_MIN);
    }
}
