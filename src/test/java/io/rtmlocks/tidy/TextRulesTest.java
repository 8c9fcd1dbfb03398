// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each rule over text reports a file that breaks it, and passes one that does not. */
class TextRulesTest {

    @Test
    void longFiles_overTheLimit_isReported() {
        List<TextFile> files = List.of(file("A.java", 401), file("B.java", 400));

        assertThat(TextRules.longFiles(files, Map.of()))
                .containsExactly("A.java: over 400 lines. Split it by what changes together.");
        assertThat(TextRules.longFiles(files, Map.of("A.java", "a table"))).isEmpty();
    }

    @Test
    void longFiles_listedWithoutNeed_isReported() {
        assertThat(TextRules.longFiles(List.of(file("A.java", 3)), Map.of("A.java", "a table")))
                .containsExactly("A.java: not over 400 lines. Remove its exception.");
    }

    @Test
    void wideLines_overTheLimit_isReported() {
        assertThat(TextRules.wideLines(file("A.java", "x".repeat(140), "x".repeat(141))))
                .containsExactly("A.java:2: over 140 characters. Break the line.");
    }

    @Test
    void markers_ofEachKind_areReported() {
        TextFile file = file("a.js", "// TO" + "DO x", "/* FIX" + "ME */", "# XX" + "X", "a mastodon, XXXL");

        assertThat(TextRules.markers(file)).hasSize(3).first().asString().startsWith("a.js:1: TO" + "DO.");
    }

    @Test
    void missingLicence_onAnotherFirstLine_isReported() {
        assertThat(TextRules.missingLicence(file("A.java", "package a;"))).hasSize(1);
        assertThat(TextRules.missingLicence(file("A.java", 0))).hasSize(1);
        assertThat(TextRules.missingLicence(file("A.java", TextRules.LICENCE_LINE, "package a;")))
                .isEmpty();
    }

    @Test
    void strangersAtTheTop_ofAnUnknownName_isReported() {
        assertThat(TextRules.strangersAtTheTop(List.of("src", "pom.xml", ".ci", "scripts")))
                .containsExactly("scripts: not an entry of the top level. Put it under src, conf or web-demo.");
    }

    @Test
    void unexplainedPackages_withoutPackageInfo_isReported() {
        TextFile type = file("a/A.java", "package a;");
        TextFile bare = file("a/package-info.java", "package a;");
        TextFile full = file("a/package-info.java", "/** What a is. */", "@NullMarked", "package a;");

        assertThat(TextRules.unexplainedPackages(List.of(type))).hasSize(1);
        assertThat(TextRules.unexplainedPackages(List.of(type, bare))).hasSize(1);
        assertThat(TextRules.unexplainedPackages(List.of(type, full))).isEmpty();
    }

    private static TextFile file(String path, int lines) {
        return new TextFile(Path.of(path), Collections.nCopies(lines, ""));
    }

    private static TextFile file(String path, String... lines) {
        return new TextFile(Path.of(path), List.of(lines));
    }
}
