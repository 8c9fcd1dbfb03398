// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule over Java reports a source that breaks it, and passes one that does not. */
class JavaRulesTest {

    @Test
    void longMethods_overTheLimit_isReported() {
        assertThat(JavaRules.longMethods(source("class A {\nvoid fits() {" + "\n".repeat(59) + "}\n}")))
                .isEmpty();
        assertThat(JavaRules.longMethods(source("class A {\nvoid grows() {" + "\n".repeat(60) + "}\n}")))
                .containsExactly("A.java:2: grows has 61 lines, over 60. Name its steps as methods.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LockTableImpl",
                "AbstractLog",
                "DefaultLog",
                "LockManager",
                "JsonUtil",
                "JsonUtils",
                "TestHelperCase",
                "CommonLog",
                "LockService",
                "JSONUtil"
            })
    void bannedTypeNames_withABannedWord_isReported(String name) {
        assertThat(JavaRules.bannedTypeNames(source("class " + name + " {}"))).hasSize(1);
        assertThat(JavaRules.bannedTypeNames(source("class A { record " + name + "() {} }")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Implication", "Defaults", "Utility", "Serviced", "Abstraction"})
    void bannedTypeNames_withAWordThatOnlyBeginsSo_passes(String name) {
        assertThat(JavaRules.bannedTypeNames(source("class " + name + " {}"))).isEmpty();
    }

    @Test
    void undocumentedTypes_ofAPublicTypeWithoutJavadoc_isReported() {
        assertThat(JavaRules.undocumentedTypes(source("// no\npublic record A() {}")))
                .hasSize(1);
        assertThat(JavaRules.undocumentedTypes(source("/** Yes. */\npublic record A() {}")))
                .isEmpty();
        assertThat(JavaRules.undocumentedTypes(source("record A() {}"))).isEmpty();
    }

    @Test
    void instanceofLadders_ofThreeRungs_isReported() {
        String two = "if (o instanceof A) {} else if (o instanceof B b) {}";

        assertThat(JavaRules.instanceofLadders(source("class A { void ask(Object o) {" + two + "} }")))
                .isEmpty();
        assertThat(JavaRules.instanceofLadders(
                        source("class A { void ask(Object o) {" + two + " else if (o instanceof C) {} } }")))
                .hasSize(1)
                .first()
                .asString()
                .contains("ask asks instanceof 3 times");
    }

    @ParameterizedTest
    @ValueSource(strings = {"System.out.println();", "var s = System.err;", "new Exception().printStackTrace();"})
    void standardOutput_inAnyForm_isReported(String statement) {
        assertThat(JavaRules.standardOutput(inMethod(statement))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Thread.sleep(1);",
                "sleep(1);",
                "TimeUnit.SECONDS.sleep(1);",
                "LockSupport.parkNanos(1);",
                "page.waitForTimeout(1);",
                "run(Thread::sleep);"
            })
    void sleeps_inAnyForm_isReported(String statement) {
        assertThat(JavaRules.sleeps(inMethod(statement))).hasSize(1);
    }

    @Test
    void disabledTests_onAMethodOrType_isReported() {
        assertThat(JavaRules.disabledTests(source("@Disabled class A { @org.junit.jupiter.api.Disabled void b() {} }")))
                .hasSize(2);
    }

    @Test
    void everyRule_onTidySource_isSilent() {
        JavaSource tidy = source("/** What A is. */\npublic final class A {\n  int b(int c) { return c + 1; }\n}");

        assertThat(JavaRules.longMethods(tidy)).isEmpty();
        assertThat(JavaRules.standardOutput(tidy)).isEmpty();
        assertThat(JavaRules.sleeps(tidy)).isEmpty();
        assertThat(JavaRules.disabledTests(tidy)).isEmpty();
    }

    private static JavaSource inMethod(String statement) {
        return source("class A { void b() throws Exception { " + statement + " } }");
    }

    private static JavaSource source(String text) {
        return JavaSource.parse(
                        List.of(new TextFile(Path.of("A.java"), text.lines().toList())))
                .get(0);
    }
}
