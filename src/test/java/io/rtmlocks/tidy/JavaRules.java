// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tidy;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** The rules that need the syntax of Java. Each answers with its findings. */
final class JavaRules {
    static final int METHOD_LINES_MAX = 60;
    static final int INSTANCEOF_IN_METHOD_MAX = 2;

    private static final Map<String, String> WORDS_IN_TYPE_NAMES = Map.of(
            "Impl", "Name what is special about it",
            "Abstract", "Name what it is",
            "Default", "Name what is special about it",
            "Manager", "Name what it does: directory, registry, schedule",
            "Util", "Move each function to the type it works on",
            "Utils", "Move each function to the type it works on",
            "Helper", "Move each function to the type it works on",
            "Common", "Name what its parts have in common",
            "Service", "Name what it does");

    private static final Set<String> SLEEPS = Set.of("sleep", "parkNanos", "waitForTimeout");

    private JavaRules() {}

    static List<String> longMethods(JavaSource source) {
        return scan(source, MethodTree.class, (method, findings) -> {
            long lines = source.lastLine(method) - source.firstLine(method) + 1;
            if (lines > METHOD_LINES_MAX) {
                String what = "%s has %d lines, over %d".formatted(method.getName(), lines, METHOD_LINES_MAX);
                findings.add(source.finding(method, what, "Name its steps as methods"));
            }
        });
    }

    static List<String> bannedTypeNames(JavaSource source) {
        return scan(
                source,
                ClassTree.class,
                (type, findings) -> Stream.of(type.getSimpleName()
                                .toString()
                                .split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"))
                        .filter(WORDS_IN_TYPE_NAMES::containsKey)
                        .map(word -> source.finding(
                                type, type.getSimpleName() + " says \"" + word + '"', WORDS_IN_TYPE_NAMES.get(word)))
                        .forEach(findings::add));
    }

    static List<String> undocumentedTypes(JavaSource source) {
        return source.tree().getTypeDecls().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .filter(type -> type.getModifiers().getFlags().contains(Modifier.PUBLIC))
                .filter(type -> !source.hasJavadoc(type))
                .map(type -> source.finding(
                        type,
                        type.getSimpleName() + " has no Javadoc",
                        "Say what it is, its guarantee and how it fails"))
                .toList();
    }

    static List<String> instanceofLadders(JavaSource source) {
        return scan(source, MethodTree.class, (method, findings) -> {
            int rungs = count(method, InstanceOfTree.class);
            if (rungs > INSTANCEOF_IN_METHOD_MAX) {
                String what = "%s asks instanceof %d times".formatted(method.getName(), rungs);
                findings.add(source.finding(method, what, "Dispatch by a method of the sealed type, or an enum"));
            }
        });
    }

    static List<String> standardOutput(JavaSource source) {
        List<String> findings = new ArrayList<>(scan(source, MemberSelectTree.class, (select, found) -> {
            if (Set.of("System.out", "System.err").contains(select.toString())) {
                found.add(source.finding(select, select.toString(), "Log it, or leave it to the command line"));
            }
        }));
        findings.addAll(calls(source, Set.of("printStackTrace"), "Log it"));
        return findings;
    }

    static List<String> sleeps(JavaSource source) {
        return calls(source, SLEEPS, "Use virtual time, or wait for a condition that prints the state");
    }

    static List<String> disabledTests(JavaSource source) {
        return scan(source, AnnotationTree.class, (annotation, findings) -> {
            if (simpleName(annotation.getAnnotationType()).equals("Disabled")) {
                findings.add(source.finding(annotation, "a disabled test", "Repair it or delete it"));
            }
        });
    }

    private static List<String> calls(JavaSource source, Set<String> names, String remedy) {
        List<String> findings = new ArrayList<>(scan(source, MethodInvocationTree.class, (call, found) -> {
            if (names.contains(simpleName(call.getMethodSelect()))) {
                found.add(source.finding(call, call.getMethodSelect() + "()", remedy));
            }
        }));
        findings.addAll(scan(source, MemberReferenceTree.class, (reference, found) -> {
            if (names.contains(reference.getName().toString())) {
                found.add(source.finding(reference, reference.toString(), remedy));
            }
        }));
        return findings;
    }

    private static String simpleName(Tree name) {
        String full = name.toString();
        return full.substring(full.lastIndexOf('.') + 1);
    }

    private static int count(Tree part, Class<? extends Tree> kind) {
        int[] found = {0};
        visitAll(part, kind, any -> found[0]++);
        return found[0];
    }

    private static <T extends Tree> List<String> scan(
            JavaSource source, Class<T> kind, BiConsumer<T, List<String>> rule) {
        List<String> findings = new ArrayList<>();
        visitAll(source.tree(), kind, part -> rule.accept(part, findings));
        return findings;
    }

    private static <T extends Tree> void visitAll(Tree top, Class<T> kind, Consumer<T> visitor) {
        new TreeScanner<Void, Void>() {
            @Override
            public Void scan(Tree part, Void nothing) {
                if (kind.isInstance(part)) {
                    visitor.accept(kind.cast(part));
                }
                return super.scan(part, nothing);
            }
        }.scan(top, null);
    }
}
