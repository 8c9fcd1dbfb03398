// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The packaged jar is complete: it starts by itself and holds what it serves, and nothing meant for its developers. */
class JarIT {
    private static final Path JAR = Path.of("target/rtm-locks.jar");

    @Test
    void jar_asked_for_help_prints_it_and_nothing_else() throws Exception {
        String java = ProcessHandle.current().info().command().orElse("java");
        Process process = new ProcessBuilder(java, "-jar", JAR.toString(), "--help")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).containsIgnoringCase("usage: ").contains("rtm-locks");
    }

    @Test
    void jar_names_its_version_and_keeps_classes_of_each_java_release() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertThat(manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION))
                    .isNotBlank();
            assertThat(manifest.getValue(Attributes.Name.MULTI_RELEASE)).isEqualTo("true");
        }
    }

    /** What is in it is said where tools look, inside and beside; the tool that says it does so only in a build with a network. */
    @Test
    void jar_says_what_it_is_made_of() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("target/rtm-locks-sbom.json")), "built without a network");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            JsonObject inside =
                    new JsonObject(Buffer.buffer(jar.getInputStream(jar.getEntry("META-INF/sbom/application.cdx.json"))
                            .readAllBytes()));
            JsonObject beside = new JsonObject(Files.readString(Path.of("target/rtm-locks-sbom.json")));
            for (JsonObject bill : List.of(inside, beside)) {
                assertThat(bill.getString("bomFormat")).isEqualTo("CycloneDX");
                assertThat(bill.getJsonArray("components").stream()
                                .map(component -> ((JsonObject) component).getString("name")))
                        .contains("vertx-core", "netty-handler", "hazelcast", "microraft", "logback-classic")
                        .doesNotContain("junit-jupiter");
            }
        }
    }

    @Test
    void jar_holds_no_files_meant_for_developers() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(entry -> entry.getName()).toList();
            assertThat(names).doesNotContain("sdk/tsconfig.json").noneMatch(name -> name.contains("node_modules"));
            assertThat(names).contains("META-INF/LICENSE", "META-INF/NOTICE", "org/HdrHistogram/Histogram.class");
        }
    }
}
